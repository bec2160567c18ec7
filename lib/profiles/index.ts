import {
  deploymentProfile,
  type DeploymentProfile,
  type ProfileDefinition,
  type ProfileName,
} from '../config/deployment-profile';
import { compact } from './compact';
import { flagship } from './flagship';
import { metered } from './metered';
import { partner } from './partner';
import { storefront } from './storefront';

/** Every profile as its page states it, by name. */
export const profileDefinitions: Readonly<Record<ProfileName, ProfileDefinition>> = {
  flagship,
  metered,
  partner,
  compact,
  storefront,
};

/** Every profile with the schema's defaults, by name. */
export const profiles = Object.fromEntries(
  Object.entries(profileDefinitions).map(([name, definition]) => [name, deploymentProfile.parse(definition)]),
) as Readonly<Record<ProfileName, DeploymentProfile>>;
