import { FlowLogs } from '../../lib/network/flow-logs';
import { fakeNetwork } from '../support/fake-tiers';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const stack = new TestStack();
new FlowLogs(stack, 'FlowLogs', { vpc: fakeNetwork(stack).vpc, names: stack.names });
const resources = new TemplateResources(stack);
const [groupId, { Properties: group }] = resources.only('AWS::Logs::LogGroup');
const [roleId, { Properties: role }] = resources.only('AWS::IAM::Role');

test('logs all accepted and rejected traffic of the VPC', () => {
  const [, { Properties }] = resources.only('AWS::EC2::FlowLog');
  expect(Properties).toMatchObject({
    ResourceType: 'VPC',
    ResourceId: 'vpc-0123456789abcdef0',
    TrafficType: 'ALL',
    LogDestinationType: 'cloud-watch-logs',
    LogGroupName: { Ref: groupId },
  });
  expect(referenceOf(Properties['DeliverLogsPermissionArn'])).toBe(roleId);
});

test('encrypts the log group with a customer managed key and keeps it for 90 days', () => {
  const [key] = resources.only('AWS::KMS::Key');
  expect(group).toMatchObject({ LogGroupName: 'flow-log-group-test1', RetentionInDays: 90 });
  expect(referenceOf(group['KmsKeyId'])).toBe(key);
});

test('allows flow logs of this account only to write to this log group', () => {
  expect(role['AssumeRolePolicyDocument']).toMatchObject({
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ],
  });
  expect(resources.statementsOf('flow-logs-role-test1')).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [groupId, 'Arn'] },
    },
  ]);
});
