import type { Problem } from './configuration-error';
import type { DatabaseConfig, DeploymentProfile } from './deployment-profile';

const upTo16 = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];
const upTo24 = [...upTo16, '24xlarge'];
const upTo32 = [...upTo24, '32xlarge'];
const upTo48 = [...upTo24, '48xlarge'];
const withoutLarge = (sizes: readonly string[]) => sizes.filter((size) => size !== 'large');

type Classes = Readonly<Record<string, readonly string[]>>;

/** Family -> sizes of Aurora PostgreSQL 17. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html */
const aurora: Classes = {
  t3: ['medium', 'large'],
  t4g: ['medium', 'large'],
  r5: upTo24,
  r6g: upTo16,
  r6gd: withoutLarge(upTo16),
  r6i: upTo32,
  r6id: ['24xlarge', '32xlarge'],
  r7g: upTo16,
  r7i: upTo48,
  r8g: upTo48,
  r8gd: withoutLarge(upTo48),
  x2g: upTo16,
};

/** Family -> sizes of RDS for PostgreSQL 17. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html */
const rds: Classes = {
  t3: ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'],
  t4g: ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'],
  m5: upTo24,
  m5d: upTo24,
  m6g: upTo16,
  m6gd: upTo16,
  m6i: upTo32,
  m6id: upTo32,
  m7g: upTo16,
  m7i: upTo48,
  m8g: upTo48,
  m8gd: upTo48,
  r5: upTo24,
  r5b: upTo24,
  r5d: upTo24,
  r6g: upTo16,
  r6gd: upTo16,
  r6i: upTo32,
  r6id: upTo32,
  r7g: upTo16,
  r7i: upTo48,
  r8g: upTo48,
  r8gd: upTo48,
  x2g: upTo16,
};

/** The instance classes that each kind of database supports, without the prefix `db.`. */
const databaseInstanceClasses: Readonly<Partial<Record<DatabaseConfig['kind'], Classes>>> = {
  'aurora-provisioned': aurora,
  'multi-az-instance': rds,
};

/** An instance class that the engine of the profile does not support. */
export function instanceClassProblems({ database }: DeploymentProfile): Problem[] {
  if (!('instanceType' in database)) return [];
  const { instanceType } = database;
  const classes = databaseInstanceClasses[database.kind] ?? {};
  const [family = '', size = ''] = instanceType.split('.');
  const sizes = classes[family];
  if (sizes?.includes(size) && instanceType === `${family}.${size}`) return [];
  const message = instanceType.startsWith('db.')
    ? `Omit the prefix db.: use ${instanceType.slice('db.'.length)}.`
    : sizes
      ? `The family ${family} is offered in ${sizes.join(', ')}. Use one of these sizes.`
      : `Use one of the families ${Object.keys(classes).join(', ')}, such as t4g.medium.`;
  return [{ field: 'database.instanceType', value: instanceType, message }];
}
