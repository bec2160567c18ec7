import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { readStack, stackProblems } from '../integration/checks/stacks';
import { readFlatOutputs } from '../integration/flat-outputs';
import { StackResources } from '../integration/stack-resources';

const cloudFormation = mockClient(CloudFormationClient);
const client = new CloudFormationClient({});
const folder = mkdtempSync(join(tmpdir(), 'flat-outputs-'));
const path = join(folder, 'flat-outputs.json');

beforeEach(() => {
  cloudFormation.reset();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['CREATE_COMPLETE', []],
  ['UPDATE_COMPLETE', []],
  ['UPDATE_ROLLBACK_COMPLETE', ['stack-1 is UPDATE_ROLLBACK_COMPLETE']],
  ['UPDATE_IN_PROGRESS', ['stack-1 is UPDATE_IN_PROGRESS']],
  ['DELETE_FAILED', ['stack-1 is DELETE_FAILED']],
] as const)('a stack that is %s', async (StackStatus, problems) => {
  const CreationTime = new Date(0);
  cloudFormation
    .on(DescribeStacksCommand, { StackName: 'stack-1' })
    .resolves({ Stacks: [{ StackName: 'stack-1', StackStatus, CreationTime }] });
  expect(stackProblems(await readStack(client, 'stack-1'))).toEqual(problems);
});

test('reports a missing stack', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
  expect(stackProblems(await readStack(client, 'stack-1'))).toEqual(['a stack is missing']);
});

test('lists resources of all pages except deleted ones', async () => {
  const resource = (ResourceType: string, PhysicalResourceId: string, ResourceStatus = 'CREATE_COMPLETE' as const) => ({
    LogicalResourceId: 'Id',
    LastUpdatedTimestamp: new Date(0),
    ResourceType,
    PhysicalResourceId,
    ResourceStatus,
  });
  const deleted = { ...resource('Bucket', 'old'), ResourceStatus: 'DELETE_COMPLETE' as const };
  cloudFormation
    .on(ListStackResourcesCommand, { StackName: 'stack-1' })
    .resolvesOnce({ NextToken: 'more', StackResourceSummaries: [resource('Bucket', 'one'), deleted] })
    .resolves({ StackResourceSummaries: [resource('Bucket', 'two'), resource('Key', 'three')] });
  const resources = await StackResources.of(client, 'stack-1');
  expect(resources.all('Bucket')).toEqual(['one', 'two']);
  expect(resources.only('Key')).toBe('three');
  expect(() => resources.only('Bucket')).toThrow('Expected one Bucket in the stack, but there are 2.');
  expect(() => resources.only('Topic')).toThrow('Expected one Topic in the stack, but there are 0.');
});

const outputs = {
  ...Object.fromEntries(
    ['Network', 'Data', 'Compute', 'Edge', 'Observability'].flatMap((id) => [
      [`${id}StackName`, `${id.toLowerCase()}-stack-pr123`],
      [`${id}Region`, 'eu-south-2'],
    ]),
  ),
  DataDatabaseDeletionProtection: 'false',
  ComputeLoadBalancerDnsName: 'alb.example.com',
  ComputeLoadBalancerAdmitsEverybody: 'false',
  ComputeMinTasks: '3',
  EdgeUrl: 'https://pay.example.com',
  EdgeAlarmTopicArn: 'arn:edge-topic',
  ObservabilityAlarmTopicArn: 'arn:topic',
  ObservabilityLogRetentionDays: '90',
};

test('parses the outputs of a deployment', () => {
  writeFileSync(path, JSON.stringify(outputs));
  expect(readFlatOutputs(path)).toMatchObject({ ComputeMinTasks: 3, DataDatabaseDeletionProtection: false });
});

test.each([
  ['no object', 'no JSON'],
  ['EdgeUrl', JSON.stringify({ ...outputs, EdgeUrl: 'pay.example.com' })],
  ['ComputeMinTasks', JSON.stringify({ ...outputs, ComputeMinTasks: 'three' })],
  ['DataRegion', JSON.stringify({ ...outputs, DataRegion: undefined })],
])('refuses outputs of another platform: %s', (problem, content) => {
  writeFileSync(path, content);
  expect(() => readFlatOutputs(path)).toThrow('is not what this version of the platform writes');
  if (problem !== 'no object') expect(() => readFlatOutputs(path)).toThrow(problem);
});

test('fails with one sentence without a deployment', () => {
  const run = join(__dirname, '..', 'integration', 'run.ts');
  const missing = join(folder, 'missing.json');
  expect(() => readFlatOutputs(missing)).toThrow(`There is no ${missing}; deploy with \`npm run deploy`);
  const env = { ...process.env, FLAT_OUTPUTS: missing };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', run], { encoding: 'utf8', env });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim()).toBe(
    `There is no ${missing}; deploy with \`npm run deploy -- -c environmentSuffix=pr123\`, which writes it.`,
  );
});
