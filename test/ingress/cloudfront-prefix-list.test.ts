import { CfnOutput } from 'aws-cdk-lib';
import { CloudFrontPrefixList } from '../../lib/ingress/cloudfront-prefix-list';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const stack = new TestStack();
const { prefixListId } = new CloudFrontPrefixList(stack, 'PrefixList', { names: stack.names });
new CfnOutput(stack, 'Id', { value: prefixListId });
const resources = new TemplateResources(stack);
const [lookupId, { Properties: lookup }] = resources.only('Custom::AWS');

test('looks the id up at deployment by the name of the prefix list', () => {
  const call = {
    service: 'EC2',
    action: 'describeManagedPrefixLists',
    parameters: {
      Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.global.cloudfront.origin-facing'] }],
    },
    physicalResourceId: { id: 'prefix-list' },
    outputPaths: ['PrefixLists.0.PrefixListId'],
  };
  expect([lookup['Create'], lookup['Update']].map((text) => JSON.parse(text as string) as unknown)).toEqual([
    call,
    call,
  ]);
  expect(lookup['Delete']).toBeUndefined();
  expect(stack.resolve(prefixListId)).toEqual({ 'Fn::GetAtt': [lookupId, 'PrefixLists.0.PrefixListId'] });
});

test('allows only this read-only call', () => {
  const [, { Properties }] = resources.only('AWS::IAM::Policy');
  expect(Properties['PolicyDocument']).toMatchObject({
    Statement: [{ Effect: 'Allow', Action: 'ec2:DescribeManagedPrefixLists', Resource: '*' }],
  });
});

test('logs to a declared, encrypted log group and installs no SDK', () => {
  const [groupId, { Properties: group }] = resources.only('AWS::Logs::LogGroup');
  const [, { Properties: handler }] = resources.only('AWS::Lambda::Function');
  expect(handler).toMatchObject({
    FunctionName: 'prefix-list-lookup-function-test1',
    LoggingConfig: { LogGroup: { Ref: groupId } },
  });
  expect(group).toMatchObject({ LogGroupName: '/aws/lambda/prefix-list-lookup-function-test1', RetentionInDays: 90 });
  expect(referenceOf(group['KmsKeyId'])).toBe(resources.only('AWS::KMS::Key')[0]);
  expect(lookup['InstallLatestAwsSdk']).toBe(false);
});
