import { accessOf } from '../../../lib/evidence/access/access';
import { Assembly } from '../../../lib/evidence/assembly';
import { expectedAccess } from '../../support/evidence/expected-access';
import { allow } from '../../support/evidence/hand-made-role';
import { testAssembly, testSources } from '../../support/evidence/test-assembly';
import { builtProfiles } from '../../support/profile-contexts';

type Access = ReturnType<typeof accessOf>;

/** The principals and resources of each answer. */
const linesOf = ({ questions }: Access) =>
  Object.fromEntries(
    questions.map(({ id, answers }) => {
      const lines = answers.map(({ principal, resource }) => `${principal}: ${withoutHash(resource)}`);
      return [id, [...new Set(lines)]];
    }),
  );
const withoutHash = (key: string) => key.replace(/^(\w+\/[A-Za-z]+?)[0-9A-F]{8}/, '$1');

const answersTo = ({ questions }: Access, id: string) =>
  questions.find((question) => question.id === id)?.answers ?? [];

describe.each(builtProfiles)('%s', (profile) => {
  const access = accessOf(testAssembly(profile));

  test('gives access to nobody but those who are listed', () => {
    expect(linesOf(access)).toEqual(expectedAccess[profile]);
  });

  test('asks every question about something', () => {
    const unasked = access.questions.filter(({ resources }) => resources.length === 0).map(({ id }) => id);
    // compact uses a repository that existed before.
    expect(unasked).toEqual(profile === 'compact' ? ['push-images'] : []);
  });

  test('knows every policy and limits each role by the boundary', () => {
    expect(access.problems).toEqual([]);
    expect(access.roles.filter(({ hasBoundary }) => !hasBoundary)).toEqual([]);
  });

  test('lets nobody use the key of the database except through a service', () => {
    const answers = answersTo(access, 'decrypt-database');
    const direct = answers.filter(
      ({ conditions }) =>
        conditions.length === 0 || !conditions.every((each) => /kms:(ViaService|GrantIsForAWSResource)/.test(each)),
    );
    expect(direct).toEqual([]);
  });

  test('admits no published method of privilege escalation', () => {
    expect(access.escalations.filter(({ method }) => !method.startsWith('own-'))).toEqual([]);
  });

  test('lets only a deployment start code as another role: that of the migrations', () => {
    const short = (name: string) => name.replace(/^role-|-role|-test1$/g, '');
    const found = access.escalations.map(({ role, method, gains }) => [short(role), method, gains.map(short)]);
    expect(found).toEqual(
      ['deployment-start', 'deployment-wait'].map((role) => [
        role,
        'own-run-existing-task',
        ['migration-execution', 'migration-task'],
      ]),
    );
  });
});

test('changes one role only, with one fixed policy: that of API Gateway’s account setting', () => {
  const answers = ['metered', 'partner'].flatMap((profile) =>
    answersTo(accessOf(testAssembly(profile)), 'change-roles'),
  );
  const attaching = answers.filter(({ actions }) => actions.includes('iam:AttachRolePolicy'));
  expect(attaching).toHaveLength(2);
  for (const { resource, conditions } of attaching) {
    expect(resource).toMatch(/:role\/payment-platform-api-gateway-logs-[\w-]+$/);
    expect(conditions).toEqual([
      'iam:PolicyARN ArnEquals arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    ]);
  }
});

test('names identities whose policies no template has', () => {
  const outside = accessOf(testAssembly('partner')).outside;
  expect(outside).toEqual([
    expect.stringContaining('CDK bootstrap'),
    expect.stringContaining('Administrators of the account'),
    expect.stringContaining('Data/DatabaseRotationSchedule'),
  ]);
});

test.each<[string, Record<string, unknown>, string, number]>([
  ['a grant to read any secret', allow(['secretsmanager:GetSecretValue']), 'read-secrets', 5],
  ['a grant to delete log streams', allow(['logs:*']), 'delete-logs', 18],
  ['a grant to write to every bucket', allow(['s3:Put*']), 'write-bucket', 2],
  ['a grant to change roles', allow(['iam:PutRolePolicy']), 'change-roles', 1],
  ['no grant that the boundary denies', allow(['kms:DisableKey']), 'destroy-keys', 0],
])('sees %s in flagship', (_name, statement, id, count) => {
  const sources = testSources('flagship').map((source) => {
    const { Resources = {} } = source.template;
    const [Ref] = Object.keys(Resources).filter((logicalId) => logicalId.startsWith('FlowLogsRole'));
    if (Ref === undefined) return source;
    const Properties = { Roles: [{ Ref }], PolicyDocument: { Statement: [statement] } };
    const Added = { Type: 'AWS::IAM::Policy', Properties };
    return { ...source, template: { ...source.template, Resources: { ...Resources, Added } } };
  });
  const answers = answersTo(accessOf(new Assembly(sources)), id);
  expect(answers.filter(({ principal }) => principal === 'flow-logs-role-test1')).toHaveLength(count);
});
