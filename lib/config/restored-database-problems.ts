import type { Problem } from './configuration-error';
import { credentialTraits } from './database-config';
import type { DeploymentProfile } from './deployment-profile';

/** Whether `database.restored` has what fits this kind of database and credentials. */
export function restoredDatabaseProblems({ database }: DeploymentProfile): Problem[] {
  const { restored, credentials, kind } = database;
  if (!restored) return [];
  const problems: Problem[] = [];
  const prefix = kind === 'multi-az-instance' ? 'db-' : 'cluster-';
  if (!restored.resourceId.startsWith(prefix)) {
    problems.push({
      field: 'database.restored.resourceId',
      value: restored.resourceId,
      message: `database.kind is ${kind}. Use the resource id of the restored database, which begins with ${prefix}.`,
    });
  }
  const { madeByRds } = credentialTraits[credentials.kind];
  const { administratorSecretArn } = restored;
  if (madeByRds !== (administratorSecretArn !== undefined)) {
    problems.push({
      field: 'database.restored.administratorSecretArn',
      value: administratorSecretArn,
      message: madeByRds
        ? `database.credentials.kind is ${credentials.kind}, so RDS has made a secret for the restored database. Pass its ARN.`
        : `database.credentials.kind is ${credentials.kind}, so the secret of the administrator is the one before. Remove it.`,
    });
  }
  return problems;
}
