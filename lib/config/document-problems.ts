import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** Conflicts between the regions of the documents, and between their archiving and expiry. */
export function documentProblems({ documents, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  if (!documents) return [];
  const problems: Problem[] = [];
  const { replicaRegion, archiveAfterDays, expireAfterDays } = documents;
  const home = inputs.region ?? region;
  if (replicaRegion === home) {
    problems.push({
      field: 'documents.replicaRegion',
      value: replicaRegion,
      message: 'A replica in the home region is lost together with it. Use another region.',
    });
  }
  if (archiveAfterDays >= expireAfterDays) {
    problems.push({
      field: 'documents.archiveAfterDays',
      value: archiveAfterDays,
      message: `Documents expire after ${expireAfterDays} days (documents.expireAfterDays). Archive them earlier, or raise expireAfterDays.`,
    });
  }
  return problems;
}
