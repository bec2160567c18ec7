import { escalationMethods } from '../../../lib/evidence/access/escalation-methods';
import { escalationsOf } from '../../../lib/evidence/access/escalations';
import { readPolicies } from '../../../lib/evidence/access/read-policies';
import { assemblyWith, type Resources } from '../../support/evidence/hand-made-network';
import { allow, role } from '../../support/evidence/hand-made-role';
import { actionsNamed } from '../../support/iam/action-reference';

const subject = 'subject';
const target = 'target';

/** The methods that `subject` has, with a more powerful role that trusts both it and a service. */
function methodsOf(
  statements: readonly unknown[],
  more: Record<string, unknown> = {},
  service = 'lambda.amazonaws.com',
) {
  const trust = {
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } },
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
      ],
    },
  };
  const resources: Resources = {
    ...role(subject, 'ec2.amazonaws.com', statements, more),
    ...role(target, service, [allow(['*'])], trust),
  };
  const found = escalationsOf(readPolicies(assemblyWith(resources)));
  return found.filter((each) => each.role === subject);
}

const ids = (found: readonly { readonly method: string }[]) => found.map(({ method }) => method);
const boundary = (statements: readonly unknown[]): Resources => ({
  Limit: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { ManagedPolicyName: 'limit', PolicyDocument: { Statement: statements } },
  },
});

test('has each method once, with actions that IAM knows', async () => {
  expect(escalationMethods.length).toBeGreaterThan(60);
  expect(new Set(escalationMethods.map(({ id }) => id)).size).toBe(escalationMethods.length);
  const actions = [...new Set(escalationMethods.flatMap((method) => method.actions))];
  const unknown = await Promise.all(
    actions.map(async (action) => ((await actionsNamed(action)).length === 1 ? [] : [action])),
  );
  expect(unknown.flat()).toEqual([]);
});

describe.each(escalationMethods.map((method) => [method.id, method] as const))('%s', (id, { actions, service }) => {
  test('is found in a role with its actions', () => {
    const found = methodsOf([allow(actions)], {}, service).find(({ method }) => method === id);
    expect(found).toBeDefined();
    const isAboutRole = actions.some((action) => action === 'iam:PassRole' || action === 'sts:AssumeRole');
    expect(found?.gains.includes(target)).toBe(isAboutRole);
  });

  test.each(actions)('is not found without %s', (missing) => {
    expect(ids(methodsOf([allow(actions.filter((action) => action !== missing))], {}, service))).not.toContain(id);
  });

  test('is not found where one action is denied', () => {
    const deny = { ...allow(actions.slice(0, 1)), Effect: 'Deny' };
    expect(ids(methodsOf([allow(actions), deny], {}, service))).not.toContain(id);
  });
});

test('finds every method in an administrator', () => {
  const services = new Set(escalationMethods.flatMap(({ service }) => service ?? []));
  const found = [...services].flatMap((service) => ids(methodsOf([allow(['*'])], {}, service)));
  expect(new Set(found).size).toBe(escalationMethods.length);
});

test('counts a boundary that denies or does not allow', () => {
  const withBoundary = (statements: readonly unknown[]) =>
    escalationsOf(
      readPolicies(
        assemblyWith({
          ...role(subject, 'ec2.amazonaws.com', [allow(['iam:PutRolePolicy'])], {
            PermissionsBoundary: { Ref: 'Limit' },
          }),
          ...boundary(statements),
        }),
      ),
    );
  expect(ids(withBoundary([allow(['*'])]))).toEqual(['iam-005']);
  expect(withBoundary([allow(['s3:*'])])).toEqual([]);
  expect(withBoundary([allow(['*']), { ...allow(['iam:*']), Effect: 'Deny' }])).toEqual([]);
});

test.each<[string, readonly unknown[], readonly string[]]>([
  [
    'a role passed to another service',
    [
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      allow(['iam:PassRole'], { Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }),
    ],
    [],
  ],
  [
    'a role passed to the service',
    [
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      allow(['iam:PassRole'], { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
    ],
    ['lambda-001'],
  ],
  [
    'a role of another template passed',
    [
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      allow(['iam:PassRole'], { Resource: 'arn:aws:iam::111122223333:role/other' }),
    ],
    ['lambda-001'],
  ],
  [
    'its own role passed',
    [
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      allow(['iam:PassRole'], { Resource: { 'Fn::GetAtt': [subject, 'Arn'] } }),
    ],
    [],
  ],
  [
    'one fixed policy attached',
    [
      allow(['iam:AttachRolePolicy'], {
        Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/service-role/A' } },
      }),
    ],
    [],
  ],
  [
    'any policy of a kind attached',
    [allow(['iam:AttachRolePolicy'], { Condition: { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/*' } } })],
    ['iam-009'],
  ],
])('judges %s', (_name, statements, expected) => {
  expect(ids(methodsOf(statements))).toEqual(expected);
});
