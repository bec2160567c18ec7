import { ConfigurationError } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

interface UnbuiltPart {
  readonly field: string;
  readonly read: (profile: DeploymentProfile) => unknown;
  /** The only value that is built. */
  readonly built: unknown;
}

/** Parts that the model has and no stack builds; a profile that asks for one must not be deployed without it. */
const unbuiltParts: readonly UnbuiltPart[] = [
  {
    field: 'ingress.origin',
    read: ({ ingress }) => ('origin' in ingress ? ingress.origin : undefined),
    built: 'public-load-balancer',
  },
];

/**
 * Refuses a profile that asks for parts which this version of the platform does not build yet.
 *
 * @throws ConfigurationError with all of them
 */
export function refuseUnbuiltParts(profile: DeploymentProfile): void {
  const problems = unbuiltParts
    .map(({ field, read, built }) => ({ field, value: read(profile), built }))
    .filter(({ value, built }) => value !== undefined && value !== built)
    .map(({ field, value, built }) => ({
      field,
      value,
      remedy: `this part is modelled but not built yet; ${built === undefined ? 'leave it out' : `choose ${JSON.stringify(built)}`}`,
    }));
  if (problems.length > 0) throw new ConfigurationError(problems);
}
