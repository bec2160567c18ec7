import type { ResourceNames } from './resource-names';

/** The repository that the CDK CLI publishes the API image into, known to the tier that makes it and the tier that fills it. */
export function apiRepositoryName(names: ResourceNames): string {
  return names.of('repository', 'api');
}
