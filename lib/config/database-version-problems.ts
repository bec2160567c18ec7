import { AuroraPostgresEngineVersion, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** The major version that the tests and the local mode run. */
const testedMajor = '17';

/** A PostgreSQL version that the engine does not offer, or that the platform is not tested with. */
export function databaseVersionProblems({ database }: DeploymentProfile): Problem[] {
  const { engineVersion, kind } = database;
  const isAurora = kind !== 'multi-az-instance';
  const refuse = (message: string): Problem[] => [{ field: 'database.engineVersion', value: engineVersion, message }];
  const [major = ''] = engineVersion.split('.');
  if (major !== testedMajor) {
    const example = isAurora ? `${testedMajor}.7` : testedMajor;
    return refuse(`The platform is tested with PostgreSQL ${testedMajor}. Use ${example}.`);
  }
  const known = Object.keys(isAurora ? AuroraPostgresEngineVersion : PostgresEngineVersion);
  if (known.includes(`VER_${engineVersion.replace('.', '_')}`)) return [];
  const ofMajor = known.flatMap((name) => /^VER_(\d+)_(\d+)$/.exec(name)?.slice(1).join('.') ?? []);
  const offered = ofMajor.filter((version) => version.startsWith(`${testedMajor}.`));
  return refuse(`aws-cdk-lib does not list this engine version. Use one of ${offered.join(', ')}.`);
}
