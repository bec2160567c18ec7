import type { ResourceNames } from './resource-names';

/** The name of the ECR repository of the API image. The data tier creates it, and the compute tier publishes to it. */
export function apiRepositoryName(names: ResourceNames): string {
  return names.of('repository', 'api');
}
