import type { DeploymentProfile, ProfileName } from '../config/deployment-profile';
import { compact } from './compact';
import { flagship } from './flagship';
import { metered } from './metered';
import { partner } from './partner';
import { storefront } from './storefront';

/** Every profile, by name. */
export const profiles: Readonly<Record<ProfileName, DeploymentProfile>> = {
  flagship,
  metered,
  partner,
  compact,
  storefront,
};
