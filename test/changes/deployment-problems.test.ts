import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { deploymentProblems } from '../../lib/changes/deployment-problems';

const cloudFormation = mockClient(CloudFormationClient);
const bucket = (BucketName: string, settings?: object) => ({
  Resources: {
    Documents: { Type: 'AWS::S3::Bucket', Properties: { BucketName } },
    ...(settings && {
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Metadata: { 'payment-platform:settings': settings } },
    }),
  },
});
const stack = { region: 'eu-south-2', stackName: 'data', template: bucket('new') };
const documents = 'eu-south-2/data/Documents';

beforeEach(() => {
  cloudFormation.reset();
  cloudFormation.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify(bucket('old')) });
});

const stands = (StackStatus: 'UPDATE_COMPLETE' | 'ROLLBACK_COMPLETE') =>
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [{ StackName: 'data', StackStatus, CreationTime: new Date(0) }] });

test('refuses to replace a bucket and names the option to accept it', async () => {
  stands('UPDATE_COMPLETE');
  await expect(deploymentProblems([stack], [])).resolves.toEqual([
    expect.stringContaining(`pass --accept-replacement ${documents}`),
  ]);
});

test('accepts only the passed change', async () => {
  stands('UPDATE_COMPLETE');
  await expect(deploymentProblems([stack], [documents])).resolves.toEqual([]);
  await expect(deploymentProblems([stack], ['eu-south-2/data/Other'])).resolves.toHaveLength(1);
});

test('accepts changes after a failed first deployment', async () => {
  stands('ROLLBACK_COMPLETE');
  await expect(deploymentProblems([stack], [])).resolves.toEqual([]);
});

test('accepts a first deployment', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(new Error('Stack with id data does not exist'));
  await expect(deploymentProblems([stack], [])).resolves.toEqual([]);
});

test('fails if CloudFormation returns an error', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(new Error('AccessDenied'));
  await expect(deploymentProblems([stack], [])).rejects.toThrow('AccessDenied');
});

describe('with the recorded settings of the last deployment', () => {
  const before = { profile: 'flagship', 'network.cidr': '10.0.0.0/16', 'service.cpuUnits': 512 };
  const after = { ...before, 'network.cidr': '10.1.0.0/16', 'service.cpuUnits': 1024 };
  const next = { ...stack, template: bucket('new', after) };

  beforeEach(() => {
    stands('UPDATE_COMPLETE');
    cloudFormation.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify(bucket('old', before)) });
  });

  test('names the unsupported setting, both values and the remedy', async () => {
    await expect(deploymentProblems([next], [])).resolves.toEqual([
      'network.cidr changes from "10.0.0.0/16" to "10.1.0.0/16". eu-south-2/data/Documents holds data and would be replaced. ' +
        'Restore the previous value, or deploy a second environment with another environmentSuffix and migrate to it. ' +
        'To accept the change, pass --accept-replacement network.cidr.',
    ]);
  });

  test.each(['network.cidr', documents])('accepts the change with %s', async (accepted) => {
    await expect(deploymentProblems([next], [accepted])).resolves.toEqual([]);
    await expect(deploymentProblems([next], ['service.cpuUnits'])).resolves.toHaveLength(1);
  });
});
