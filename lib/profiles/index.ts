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

/** The profile definitions by name. */
export const profileDefinitions: Readonly<Record<ProfileName, ProfileDefinition>> = {
  flagship,
  metered,
  partner,
  compact,
  storefront,
};

/** The profiles by name, with the defaults of the schema applied. */
export const profiles = Object.fromEntries(
  Object.entries(profileDefinitions).map(([name, definition]) => [name, deploymentProfile.parse(definition)]),
) as Readonly<Record<ProfileName, DeploymentProfile>>;
