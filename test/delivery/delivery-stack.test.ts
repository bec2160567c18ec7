import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compliancePacks } from '../../lib/compliance/compliance-checks';
import { type DeliveryInputs, readDeliveryInputs } from '../../lib/delivery/delivery-inputs';
import { DeliveryStack } from '../../lib/delivery/delivery-stack';
import { globMatches } from '../../lib/evidence/access/glob';
import { iamActionOf } from '../support/sdk/iam-actions';
import { sdkCallsOf } from '../support/sdk/sdk-calls';
import { testPlatform } from '../support/test-platform';

const root = join(__dirname, '..', '..');
const inputs: DeliveryInputs = { repository: 'acme/payments', identityProvider: 'created', region: 'us-east-1' };

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function delivery(changed: Partial<DeliveryInputs> = {}) {
  const app = new App({ analyticsReporting: false });
  const stack = new DeliveryStack(app, 'Delivery', { ...inputs, ...changed });
  return { app, template: Template.fromStack(stack) };
}

const { app, template } = delivery();

/** The statements of a role, with one name for the account and the partition. */
function statementsOf(environment: string): Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy')) as {
    Properties: { ManagedPolicyName: string; PolicyDocument: { Statement: Statement[] } };
  }[];
  const policy = policies.find(({ Properties }) => Properties.ManagedPolicyName === `payment-delivery-${environment}`);
  return policy?.Properties.PolicyDocument.Statement ?? [];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** An ARN with its references in braces. */
function flat(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { 'Fn::Join': join, Ref } = resource as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  return join ? join[1].map(flat).join(join[0]) : `{${Ref}}`;
}

/** Whether the statements allow an action on an ARN. Conditions are ignored. */
function allows(statements: readonly Statement[], action: string, arn: string): boolean {
  return statements.some(
    ({ Action, Resource }) =>
      list(Action).some((pattern) => globMatches(String(pattern), action)) &&
      list(Resource).some((pattern) => globMatches(flat(pattern), arn)),
  );
}

const partition = 'arn:{AWS::Partition}';
const account = '{AWS::AccountId}';
const stackArn = (name: string) => `${partition}:cloudformation:eu-south-2:${account}:stack/${name}/1234`;
const roleArn = (name: string) => `${partition}:iam::${account}:role/cdk-hnb659fds-${name}-role-${account}-eu-south-2`;
const secretArn = (name: string) => `${partition}:secretsmanager:eu-south-2:${account}:secret:${name}-AbCdEf`;

test.each([
  ['preview', 'repo:acme/payments:environment:preview'],
  ['production', 'repo:acme/payments:environment:production'],
])('admits only jobs of the repository in the environment %s', (environment, subject) => {
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: `payment-delivery-${environment}`,
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Effect: 'Allow',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': subject,
            },
          },
        },
      ],
    },
  });
});

test.each([
  ['changes a stack of a preview', 'cloudformation:CreateChangeSet', stackArn('stack-data-pr123'), true],
  ['destroys a stack of a preview', 'cloudformation:DeleteStack', stackArn('stack-edge-pr9'), true],
  ['destroys no other stack', 'cloudformation:DeleteStack', stackArn('stack-data-live'), false],
  [
    'destroys no stack of prod, whose name begins alike',
    'cloudformation:DeleteStack',
    stackArn('stack-data-prod'),
    false,
  ],
  ['changes no bootstrap', 'cloudformation:UpdateStack', stackArn('CDKToolkit'), false],
  ['publishes files', 'sts:AssumeRole', roleArn('file-publishing'), true],
  ['publishes images', 'sts:AssumeRole', roleArn('image-publishing'), true],
  ['does not become the deployment role of any stack', 'sts:AssumeRole', roleArn('deploy'), false],
  ['passes the execution role', 'iam:PassRole', roleArn('cfn-exec'), true],
  ['passes no other role', 'iam:PassRole', `${partition}:iam::${account}:role/administrator`, false],
  ['reads the secret of a preview', 'secretsmanager:GetSecretValue', secretArn('first-api-key-pr123'), true],
  ['reads no other secret', 'secretsmanager:GetSecretValue', secretArn('first-api-key-live'), false],
])('the preview role %s', (_name, action, arn, allowed) => {
  expect(allows(statementsOf('preview'), action, arn)).toBe(allowed);
});

test('the release role deploys with the roles of the bootstrap alone', () => {
  const statements = statementsOf('production');
  expect(allows(statements, 'sts:AssumeRole', roleArn('deploy'))).toBe(true);
  const changes = ['cloudformation:DeleteStack', 'iam:PassRole', 'secretsmanager:GetSecretValue'];
  expect(changes.filter((action) => allows(statements, action, '*'))).toEqual([]);
});

test('the preview role has every permission that the CDK CLI has through the deployment role of the bootstrap', () => {
  const bootstrap = readFileSync(join(root, 'node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
  const role = bootstrap.slice(
    bootstrap.indexOf('  DeploymentActionRole:'),
    bootstrap.indexOf('  CloudFormationExecutionRole:'),
  );
  // Of a stack refactoring, which no workflow uses, and of pipelines in other accounts.
  const needed = [...role.matchAll(/- (cloudformation:\w+)/g)].map(([, action = '']) => action);
  const missing = needed.filter((action) => !allows(statementsOf('preview'), action, stackArn('stack-data-pr123')));
  expect(needed).toContain('cloudformation:DeleteStack');
  expect(missing).toEqual(['cloudformation:CreateStackRefactor', 'cloudformation:ExecuteStackRefactor']);
});

test.each(['preview', 'production'])(
  'the role of %s may read what the integration tests read, and no more',
  (environment) => {
    const entries = ['platform', 'extras'].map((name) => `test/integration/${name}.integration.ts`);
    const called = new Set(
      entries
        .flatMap((entry) => sdkCallsOf({ entry, exportName: undefined }))
        .map(iamActionOf)
        .filter((action) => !action.startsWith('cloudformation:') && action !== 'secretsmanager:GetSecretValue'),
    );
    const granted = statementsOf(environment).find(({ Sid }) => Sid === 'ReadDeployments')?.Action;
    expect(list(granted)).toEqual([...called].sort());
  },
);

test('uses the identity provider that the account has', () => {
  const { template: adopted } = delivery({ identityProvider: 'existing' });
  template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
  adopted.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  expect(JSON.stringify(adopted.toJSON())).toContain(':oidc-provider/token.actions.githubusercontent.com');
});

test('has no open finding of the compliance rules', () => {
  app.synth();
  const open = compliancePacks(app).flatMap((pack) => pack.validateScope(app).violations);
  expect(open.map(({ ruleName }) => ruleName)).toEqual([]);
});

test.each([
  [{}, 'repository is missing. Pass -c repository=OWNER/NAME'],
  [{ repository: 'acme/*' }, 'repository is "acme/*". Use OWNER/NAME'],
  [{ repository: 'acme/payments', identityProvider: 'mine' }, 'identityProvider is "mine". Use created'],
  [{ repository: 'acme/payments', region: 'Milan' }, 'region is "Milan". Use an AWS region'],
])('refuses %j', (context, message) => {
  expect(() => readDeliveryInputs(context)).toThrow(message);
});

describe('quotas of previews', () => {
  const page = readFileSync(join(root, 'lib/delivery/README.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(AWS::[\w:]+)` +\| (\d+) +\| (\d+)[^|]*\| \w+ +\| (\d+) +\|$/gm)].map(
    ([, type = '', ...numbers]) => [type, ...numbers.map(Number)] as [string, number, number, number],
  );

  test('lists the types', () => {
    expect(rows).toHaveLength(12);
  });

  test.each(rows)('counts %s', (type, uses, quota, fit) => {
    const stacks = testPlatform({ config: join(root, 'lib/delivery/preview.json') }).all;
    const counted = stacks.flatMap(({ resources }) => resources.entries(type));
    expect(counted).toHaveLength(uses);
    expect(fit).toBe(Math.floor(quota / uses));
  });
});
