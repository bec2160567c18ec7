import { AuroraPostgresEngineVersion, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** The major version that migrations and queries are tested with, in local mode too. */
const testedMajor = '17';

/** Refuses a version of PostgreSQL that the engine does not have, or that the platform is not tested with. */
export function databaseVersionProblems({ database }: DeploymentProfile): Problem[] {
  const { engineVersion, kind } = database;
  const isAurora = kind !== 'multi-az-instance';
  const refuse = (remedy: string): Problem[] => [{ field: 'database.engineVersion', value: engineVersion, remedy }];
  const [major = ''] = engineVersion.split('.');
  if (major !== testedMajor) {
    const example = isAurora ? `${testedMajor}.7` : testedMajor;
    return refuse(`the platform is tested with PostgreSQL ${testedMajor}; use ${example}`);
  }
  const known = Object.keys(isAurora ? AuroraPostgresEngineVersion : PostgresEngineVersion);
  if (known.includes(`VER_${engineVersion.replace('.', '_')}`)) return [];
  const ofMajor = known.flatMap((name) => /^VER_(\d+)_(\d+)$/.exec(name)?.slice(1).join('.') ?? []);
  const offered = ofMajor.filter((version) => version.startsWith(`${testedMajor}.`));
  return refuse(`aws-cdk-lib knows no such version of the engine; choose one of ${offered.join(', ')}`);
}
