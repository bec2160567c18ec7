import type { DeploymentProfile, ProfileName } from '../config/deployment-profile';
import { compact } from './compact';
import { flagship } from './flagship';
import { storefront } from './storefront';

/** The profiles that can be deployed, by name. A name of `profileNames` that is missing here is modelled but not built. */
export const profiles: Partial<Record<ProfileName, DeploymentProfile>> = { flagship, compact, storefront };
