import type { EncryptedThing } from '../support/iam/encrypted-things';
import { mayUseKey } from '../support/iam/key-access';
import { keyPolicyOf, keyProblems } from '../support/iam/key-problems';
import { type PlatformPolicies, platformPolicies } from '../support/iam/platform-policies';
import { missingResources } from '../support/iam/required-resources';
import { rolesOf } from '../support/iam/roles';
import { statementProblems } from '../support/iam/statement-problems';
import { vpcFunctions } from '../support/iam/vpc-functions';
import { callProblems } from '../support/sdk/call-problems';
import { exceptions } from '../support/sdk/exceptions';
import { contextsWithEveryPart } from '../support/every-part';
import { testPlatform } from '../support/test-platform';

/** Every log group with the policy of its key; all of ours have one. */
function logGroups(policies: PlatformPolicies) {
  const { platform, values } = policies;
  return platform.all.flatMap((stack) =>
    stack.resources.entries('AWS::Logs::LogGroup').map(([id, { Properties }]) => {
      const thing: EncryptedThing = {
        where: `${stack.tier}.${id}`,
        service: 'logs',
        region: stack.region,
        arn: values.arnOf(stack, id),
        keyArn: values.text(stack, Properties['KmsKeyId']),
        encryptionContext: { 'aws:logs:arn': values.arnOf(stack, id) },
      };
      return { thing, keyPolicy: keyPolicyOf(policies, thing) };
    }),
  );
}

/** Reasons for permissions without a call, of all platforms. */
const neededExceptions = new Set<string>();

jest.setTimeout(60_000);

describe.each(Object.entries(contextsWithEveryPart))('%s', (_profile, context) => {
  let policies: PlatformPolicies;
  beforeAll(async () => {
    policies = await platformPolicies(testPlatform(context));
  });

  test('uses only actions, resources and condition keys that IAM knows', async () => {
    const problems = await Promise.all(
      policies.documents.flatMap(({ stack, logicalId, statements }) =>
        statements.map(async (statement) =>
          (await statementProblems(statement)).map((problem) => `${stack.tier}.${logicalId}: ${problem}`),
        ),
      ),
    );
    expect(problems.flat()).toEqual([]);
  });

  test('grants every action on each resource type that it requires', async () => {
    const roles = rolesOf(policies);
    const problems = await Promise.all(
      roles.map(async (role) => (await missingResources(role)).map((problem) => `${role.name}: ${problem}`)),
    );
    expect(roles.length).toBeGreaterThan(10);
    expect(problems.flat()).toEqual([]);
  });

  test('grants the key of an encrypted resource to each role that uses the resource', async () => {
    const { checked, problems } = await keyProblems(policies);
    expect(checked).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  test('lets CloudWatch Logs use the key of every log group', () => {
    const groups = logGroups(policies);
    const denied = groups.filter(({ thing, keyPolicy }) => {
      const actions = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey'];
      const user = {
        name: 'logs',
        principal: `service:logs.${thing.region}.amazonaws.com`,
        identity: [],
        boundary: undefined,
      };
      return !actions.every((action) => mayUseKey(user, action, thing, keyPolicy));
    });
    expect(groups.length).toBeGreaterThan(5);
    expect(denied.map(({ thing }) => thing.where)).toEqual([]);
  });

  test('grants each function in the VPC the management of its network interfaces', () => {
    expect(vpcFunctions(policies).filter(({ missing }) => missing.length > 0)).toEqual([]);
  });

  test('allows every call of the code, and no permission without a call', async () => {
    const { calls, problems, exceptions: needed } = await callProblems(policies);
    for (const reason of needed) neededExceptions.add(reason);
    expect(calls).toBeGreaterThan(5);
    expect(problems).toEqual([]);
  });
});

test('needs every listed exception', () => {
  expect(exceptions.map(({ reason }) => reason).filter((reason) => !neededExceptions.has(reason))).toEqual([]);
});
