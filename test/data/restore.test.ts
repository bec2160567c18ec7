import type { Template } from 'aws-cdk-lib/assertions';
import { overrides } from '../support/profile-overrides';
import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

const secretArn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:rds!cluster-1-AbCdEf';
const restoredBy = {
  flagship: { resourceId: 'cluster-RESTORED0', administratorSecretArn: secretArn },
  compact: { resourceId: 'db-RESTORED0' },
};
type Restorable = keyof typeof restoredBy;

const cases = (Object.keys(restoredBy) as Restorable[]).map((profile) => {
  const context = profileContexts[profile];
  const restored = restoredBy[profile];
  return {
    profile,
    restored,
    before: testPlatform(context).templates,
    after: testPlatform({ ...context, ...overrides({ database: { restored } }) }).templates,
  };
});

describe.each(cases)('a restored database of $profile', ({ restored, before, after }) => {
  const resources = (template: { template: Template }) =>
    template.template.toJSON() as { Resources: Record<string, { Type: string }> };

  test('leaves the templates of the database and of its instances alone, so that CloudFormation replaces nothing', () => {
    const databases = ({ Resources }: ReturnType<typeof resources>) =>
      Object.entries(Resources).filter(([, { Type }]) => Type.startsWith('AWS::RDS::'));
    expect(databases(resources(after.data)).length).toBeGreaterThan(2);
    expect(databases(resources(after.data))).toEqual(databases(resources(before.data)));
  });

  test('lets the tasks log in to it, and no longer to the lost one', () => {
    const logins = JSON.stringify(resources(after.compute)).match(/:dbuser:[^"]*"/g);
    expect(new Set(logins)).toEqual(new Set([`:dbuser:${restored.resourceId}/payments_api"`]));
  });

  test('takes nothing from the Data stack that its restoration has changed, so that the Compute stack can go first', () => {
    const imports = [
      ...JSON.stringify(resources(after.compute)).matchAll(/data-stack-test1:(\w+)|stack-data-test1:(\w+)/g),
    ].map(([text]) => text);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => /ResourceId|SecretArn/.test(name))).toEqual([]);
    const exported = JSON.stringify(before.data.template.toJSON());
    for (const name of imports) expect(exported).toContain(name.split(':')[1]);
  });
});

test('gives migrations, and the rotation, the secret that RDS has made for it', () => {
  const { data, compute } = cases[0]?.after ?? {};
  const [, { Properties: schedule }] = data?.only('AWS::SecretsManager::RotationSchedule') ?? ['', { Properties: {} }];
  expect(schedule).toMatchObject({ SecretId: secretArn });
  const [read] = (compute?.statementsOf('migration-task-role-test1') ?? []).filter(({ Effect }) => Effect === 'Allow');
  expect(read).toMatchObject({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'] });
  expect(read?.Resource).toContainEqual(secretArn);
});
