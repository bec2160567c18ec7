import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** What does not fit together about documents: their days, and the two regions that they lie in. */
export function documentProblems({ documents, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  if (!documents) return [];
  const problems: Problem[] = [];
  const { replicaRegion, archiveAfterDays, expireAfterDays } = documents;
  const home = inputs.region ?? region;
  if (replicaRegion === home) {
    problems.push({
      field: 'documents.replicaRegion',
      value: replicaRegion,
      remedy: 'a replica in the home region is lost together with it; choose another region',
    });
  }
  if (archiveAfterDays >= expireAfterDays) {
    problems.push({
      field: 'documents.archiveAfterDays',
      value: archiveAfterDays,
      remedy: `documents would be gone by then; lower it below documents.expireAfterDays (${expireAfterDays})`,
    });
  }
  return problems;
}
