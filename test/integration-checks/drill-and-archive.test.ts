import { CloudWatchLogsClient, DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { archiveProblems, type DeployedArchive, readArchive } from '../integration/checks/log-archive';
import { type DeployedDrill, drillProblems, readDrill } from '../integration/checks/restore-drill';
import { StackResources } from '../integration/stack-resources';

const scheduler = mockClient(SchedulerClient);
const stepFunctions = mockClient(SFNClient);
const logs = mockClient(CloudWatchLogsClient);
const s3 = mockClient(S3Client);

beforeEach(() => {
  for (const each of [scheduler, stepFunctions, logs, s3]) each.reset();
});

const machine = 'arn:machine';
const schedule = { Name: 'daily', State: 'ENABLED', Target: { Arn: machine, RoleArn: 'role' } } as const;
const passed = { name: 'run-1', status: 'SUCCEEDED' } as const;
const drill = (change: Partial<DeployedDrill>) => drillProblems({ schedule, runs: [passed], ...change }, machine);

test('reads schedule and runs of the drill', async () => {
  const run = { ...passed, executionArn: 'run', stateMachineArn: machine, startDate: new Date(0) };
  scheduler.on(GetScheduleCommand, { Name: 'daily' }).resolves(schedule);
  stepFunctions.on(ListExecutionsCommand, { stateMachineArn: machine }).resolves({ executions: [run] });
  const data = new StackResources([['AWS::Scheduler::Schedule', 'daily']]);
  const read = await readDrill(new SchedulerClient({}), new SFNClient({}), data, machine);
  expect(read).toEqual({ schedule, runs: [run] });
});

test('checks the last completed drill', () => {
  const running = { name: 'run-3', status: 'RUNNING' } as const;
  const failed = { name: 'run-2', status: 'FAILED' } as const;
  expect(drill({})).toEqual([]);
  expect(drill({ runs: [running] })).toEqual([]);
  expect(drill({ runs: [running, passed, failed] })).toEqual([]);
  expect(drill({ runs: [running, failed, passed] })).toEqual([
    'the last restore drill, run-2, has FAILED: backups may be of no use',
  ]);
  expect(drill({ runs: [] })).toEqual(['no restore drill has been run']);
});

test('requires an enabled schedule', () => {
  expect(drill({ schedule: { ...schedule, State: 'DISABLED' } })).toEqual([
    'daily is DISABLED: no drill begins by itself',
  ]);
  expect(drill({ schedule: { ...schedule, Target: { ...schedule.Target, Arn: 'arn:other' } } })).toEqual([
    'daily starts arn:other, not the restore drill',
  ]);
});

const filter = { filterName: 'filter', filterPattern: '', destinationArn: 'arn:deliverystream/stream' };
const ofYears = { Status: 'Enabled', Expiration: { Days: 2557 } } as LifecycleRule;
const expected = { filterNames: ['filter'], stream: 'stream', days: 2557 };
const archive = (change: Partial<DeployedArchive>) =>
  archiveProblems({ filters: [filter], rules: [ofYears], ...change }, expected);

test('reads subscription filters and lifecycle rules', async () => {
  logs.on(DescribeSubscriptionFiltersCommand, { logGroupName: 'one' }).resolves({ subscriptionFilters: [filter] });
  logs.on(DescribeSubscriptionFiltersCommand, { logGroupName: 'two' }).resolves({});
  s3.on(GetBucketLifecycleConfigurationCommand, { Bucket: 'bucket' }).resolves({ Rules: [ofYears] });
  const compute = new StackResources([
    ['AWS::Logs::LogGroup', 'two'],
    ['AWS::Logs::LogGroup', 'one'],
  ]);
  const read = await readArchive(new CloudWatchLogsClient({}), new S3Client({}), compute, 'bucket');
  expect(read).toEqual({ filters: [filter], rules: [ofYears] });
});

test('requires a filter that matches every line', () => {
  const nothing = ['filter hands nothing to the log archive'];
  expect(archive({})).toEqual([]);
  expect(archive({ filters: [] })).toEqual(nothing);
  expect(archive({ filters: [{ ...filter, filterName: 'other' }] })).toEqual(nothing);
  expect(archive({ filters: [{ ...filter, destinationArn: 'arn:deliverystream/other' }] })).toEqual(nothing);
  expect(archive({ filters: [{ ...filter, filterPattern: 'ERROR' }] })).toEqual([
    'filter keeps lines from the log archive',
  ]);
  expect(archiveProblems({ filters: [filter], rules: [ofYears] }, { ...expected, filterNames: [] })).toEqual([
    'nothing is handed to the log archive',
  ]);
});

test('requires the retention of the profile', () => {
  expect(archive({ rules: [{ ...ofYears, Expiration: { Days: 90 } }] })).toEqual([
    'the log archive is kept 90 days, not 2557',
  ]);
  expect(archive({ rules: [{ ...ofYears, Status: 'Disabled' }] })).toEqual([
    'the log archive is kept unlimited days, not 2557',
  ]);
});
