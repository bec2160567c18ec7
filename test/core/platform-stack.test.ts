import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { acceptFinding } from '../../lib/compliance/accepted-findings';
import { createAlarm } from '../../lib/constructs/alarm-definition';
import { PermissionsBoundary } from '../../lib/core/permissions-boundary';
import { PlatformStack } from '../../lib/core/platform-stack';
import { Construct } from 'constructs';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { testApp, TestStack } from '../support/test-app';

const stack = new TestStack();
new LogGroup(stack, 'Plain');
new LogGroup(stack, 'Stubborn', { retention: RetentionDays.INFINITE, removalPolicy: RemovalPolicy.RETAIN });
new Key(stack, 'Key');
new Bucket(stack, 'Bucket');
new CfnFunction(stack, 'ProvidersOwn', { role: 'arn:aws:iam::111122223333:role/x', code: { zipFile: 'x' } });
new PermissionsBoundary(stack, 'DenyList', {
  policyName: 'permissions-boundary-test1',
  regions: ['eu-south-2', 'us-east-1'],
});
new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
PermissionsBoundary.applyByName(stack, 'permissions-boundary-test1');
createAlarm(
  stack,
  {
    id: 'api-down',
    severity: 'page',
    firstLook: 'Look at it.',
    meaning: 'The API is down.',
    metric: new Metric({ namespace: 'N', metricName: 'M' }),
    threshold: 1,
  },
  stack.names,
  undefined,
);
const template = Template.fromStack(stack);

test('sets name, region and tags, and no termination protection', () => {
  expect(stack).toMatchObject({ stackName: 'test-stack-test1', region: 'eu-south-2', terminationProtection: false });
  expect(stack.tags.tagValues()).toEqual({ Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' });
});

test('finds the stack of a construct, and refuses a stack of no platform', () => {
  expect(PlatformStack.of(new Construct(stack, 'Inner'))).toBe(stack);
  expect(() => PlatformStack.of(new Stack(testApp(), 'Other'))).toThrow('Other is not in a stack of the platform.');
});

test('has three zones without an account or a look-up', () => {
  expect(stack.resolve(stack.availabilityZones)).toEqual(
    [0, 1, 2].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })),
  );
});

test('gives every log group retention, key and deletion', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  expect(groups).toHaveLength(4);
  for (const group of groups) {
    expect(group).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { RetentionInDays: 90, KmsKeyId: expect.anything() as object },
    });
  }
});

test('declares a log group for a function without one', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('ProvidersOwnLogGroup') } },
  });
});

test('lets only CloudWatch Logs of this region and account use the log key', () => {
  template.hasResourceProperties('AWS::KMS::Key', {
    EnableKeyRotation: true,
    PendingWindowInDays: 7,
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Principal: { Service: 'logs.eu-south-2.amazonaws.com' },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('makes buckets private, TLS only and auto-deleted', () => {
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    Properties: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
});

test('tags resources with a Name that ends in the suffix', () => {
  template.hasResourceProperties('AWS::KMS::Key', { Tags: Match.arrayWith([{ Key: 'Name', Value: 'log-key-test1' }]) });
});

test('sets the permissions boundary of every role, including those of providers', () => {
  const roles = Object.values(template.findResources('AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThan(1);
  for (const role of roles) {
    expect(JSON.stringify(role['Properties'])).toContain('policy/permissions-boundary-test1');
  }
});

test('denies IAM users, changes of the audit trail, key deletion, public buckets and other regions', () => {
  const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  const statements = (policy as { Properties: { PolicyDocument: { Statement: { Sid: string; Effect: string }[] } } })
    .Properties.PolicyDocument.Statement;
  const denied = statements.filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid);
  expect(denied).toEqual([
    'DenyIdentities',
    'DenyBlindingTheAuditTrail',
    'DenyDestroyingKeys',
    'DenyOpeningBuckets',
    'DenyUndeclaredLogGroups',
    'DenyLeavingTheRegions',
  ]);
  expect(statements.at(-1)).toMatchObject({
    Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-south-2', 'us-east-1'] } },
  });
});

test('names the runbook entry of an alarm', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'api-down-alarm-test1',
    AlarmDescription: Match.stringLikeRegexp('Runbook: lib/observability/RUNBOOK.md, heading api-down$'),
    TreatMissingData: 'notBreaching',
  });
});

test('refuses to accept a finding for a stack or the app', () => {
  const finding = { rule: 'X-1', reason: 'r', compensatingControl: 'c' };
  expect(() => {
    acceptFinding(stack, finding);
  }).toThrow(
    "The finding X-1 is accepted for 'Test', which is a stack or the app. Accept it for the construct that causes it.",
  );
});
