import { DBClusterNotFoundFault, DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import type { ExecutionListItem } from '@aws-sdk/client-sfn';
import { Stack } from 'aws-cdk-lib';
import { handler } from '../../../lib/data/restore-drill/restore-drill-steps.lambda';
import { DrillHarness, hoursAgo, snapshotOf, thisRun } from '../../support/drill-harness';
import { type FakeRds, sourceId } from '../../support/fake-rds';
import { fakeNetwork } from '../../support/fake-tiers';

/* Whole runs of the state machine as it is deployed, with its real steps, against an RDS that takes its time and fails. */

const { restoredDatabase } = fakeNetwork(new Stack()).securityGroups;
const { executionArn } = thisRun;
const named = (name: string) => Object.assign(new Error(`fake ${name}`), { name });

let harness: DrillHarness;
let rds: FakeRds;
beforeEach(() => {
  harness = new DrillHarness();
  ({ rds } = harness);
});
afterEach(() => {
  harness.stop();
});

const nothingIsLeft = () => {
  expect(harness.left).toEqual([]);
};

test('restores the newest available snapshot, checks the copy and deletes it', async () => {
  expect(await harness.run()).toMatchObject({ state: 'Passed' });
  expect(rds.calls('RestoreDBClusterFromSnapshotCommand').map(({ SnapshotIdentifier }) => SnapshotIdentifier)).toEqual([
    'arn:snapshot:newest',
  ]);
  expect(harness.verify.mock.calls).toEqual([
    [{ host: 'restored.example', port: 5432, snapshotTakenAt: hoursAgo(2).toISOString() }],
  ]);
  nothingIsLeft();
  expect(harness.figure('RestoreDrillPassed')).toBe(1);
  expect(harness.figure('RestoreDrillLeftOver')).toBe(0);
  expect(harness.figure('RestoreDrillSeconds')).toBeGreaterThan(300);
});

test('configures the copy like the original, but isolated, unprotected and without logs', async () => {
  await harness.run();
  const [restored = {}] = rds.calls('RestoreDBClusterFromSnapshotCommand');
  expect(restored).toMatchObject({
    DBClusterIdentifier: 'restore-drill-database-test1',
    DBSubnetGroupName: 'subnets',
    DBClusterParameterGroupName: 'parameters',
    EnableIAMDatabaseAuthentication: true,
    DeletionProtection: false,
    CopyTagsToSnapshot: false,
    KmsKeyId: expect.stringContaining('KeysDatabase') as string,
    VpcSecurityGroupIds: [restoredDatabase?.securityGroupId],
    Tags: [
      { Key: 'CostCenter', Value: 'payments' },
      { Key: 'Name', Value: 'restore-drill-database-test1' },
      { Key: 'RestoreDrillRun', Value: 'run-2' },
    ],
  });
  expect(restored).not.toHaveProperty('EnableCloudwatchLogsExports');
  expect(rds.calls('CreateDBInstanceCommand')).toEqual([
    expect.objectContaining({
      DBInstanceIdentifier: 'restore-drill-writer-database-test1',
      DBInstanceClass: 'db.serverless',
      PubliclyAccessible: false,
    }),
  ]);
  expect(rds.calls('DeleteDBClusterCommand')[0]).toMatchObject({
    SkipFinalSnapshot: true,
    DeleteAutomatedBackups: true,
  });
  for (const name of ['DeleteDBClusterCommand', 'DeleteDBInstanceCommand'])
    for (const input of rds.calls(name)) expect(Object.values(input)).not.toContain(sourceId);
});

test('waits for a slow RDS', async () => {
  Object.assign(rds.asks, { cluster: 40, instance: 40, removal: 50 });
  expect(await harness.run()).toMatchObject({
    state: 'Passed',
    tries: { AwaitDatabase: expect.any(Number) as number },
  });
  nothingIsLeft();
});

test.each([
  ['cluster', { cluster: 200 }],
  ['instance', { instance: 200 }],
])('gives up and deletes a %s that never becomes available', async (what, asks) => {
  Object.assign(rds.asks, asks);
  const { state, error, cause, tries } = await harness.run();
  expect({ state, error, cause }).toEqual({
    state: 'Failed',
    error: 'StillWaiting',
    cause: expect.stringContaining(`restored ${what}`) as string,
  });
  expect(tries).toMatchObject({ AwaitDatabase: 91 });
  expect(harness.verify).not.toHaveBeenCalled();
  expect(harness.figure('RestoreDrillPassed')).toBe(0);
  // A cluster in the making cannot be deleted; the sweep of the next run meets it, and the alarm tells.
  if (what === 'instance') nothingIsLeft();
  else expect(harness.figure('RestoreDrillLeftOver')).toBe(1);
});

test.each([
  ['cluster', 'restore-error'],
  ['cluster', 'inaccessible-encryption-credentials'],
  ['instance', 'incompatible-restore'],
  ['instance', 'failed'],
] as const)('gives up immediately for a %s that becomes %s', async (what, status) => {
  rds.made[what] = status;
  const { state, cause, tries } = await harness.run();
  expect([state, cause]).toEqual(['Failed', expect.stringContaining(`is ${status}.`)]);
  expect(tries['AwaitDatabase']).toBeLessThan(10);
  nothingIsLeft();
});

test('fails the run with the findings of a wrong copy and deletes it', async () => {
  harness.verify.mockRejectedValue(Object.assign(new Error('orphan: 1'), { name: 'RestoredDatabaseError' }));
  const { state, error, cause, tries } = await harness.run();
  expect({ state, error, cause, tries: tries['Verify'] }).toEqual({
    state: 'Failed',
    error: 'RestoredDatabaseError',
    cause: expect.stringContaining('orphan: 1') as string,
    tries: 1,
  });
  nothingIsLeft();
  expect(harness.figure('RestoreDrillPassed')).toBe(0);
});

test('retries a check that cannot connect, at most four times', async () => {
  harness.verify.mockRejectedValueOnce(named('Error'));
  expect(await harness.run()).toMatchObject({ state: 'Passed', tries: { Verify: 2 } });
  harness.verify.mockRejectedValue(named('Error'));
  expect(await harness.run()).toMatchObject({ state: 'Failed', tries: { Verify: 4 } });
  nothingIsLeft();
});

test('skips a snapshot that is older than the login of the drill', async () => {
  harness.verify.mockResolvedValue({ outcome: 'too-early', reason: 'older' });
  expect(await harness.run()).toMatchObject({ state: 'Passed' });
  nothingIsLeft();
  expect(harness.figure('RestoreDrillPassed')).toBeUndefined();
});

test('does not restore a cluster that was created today', async () => {
  rds.sourceCreatedAt = hoursAgo(23);
  expect(await harness.run()).toMatchObject({ state: 'Passed', data: { restore: { outcome: 'too-early' } } });
  rds.snapshots = [];
  expect(await harness.run()).toMatchObject({ state: 'Passed' });
  expect(rds.calls('RestoreDBClusterFromSnapshotCommand')).toEqual([]);
  expect(harness.figure('RestoreDrillPassed')).toBeUndefined();
});

test.each([
  ['no snapshot', [], 'The cluster database-test1 has no automated snapshot.'],
  ['no finished one', [snapshotOf('unfinished', 1, 'creating')], 'has no automated snapshot'],
  [
    'none of the last day',
    [snapshotOf('old', 27), snapshotOf('older', 51)],
    'The newest snapshot of database-test1, old, was taken at',
  ],
])('fails with the reason for %s of an older cluster', async (_what, snapshots, reason) => {
  rds.snapshots = snapshots;
  rds.sourceCreatedAt = hoursAgo(25);
  const { state, cause, tries } = await harness.run();
  expect([state, cause, tries['Restore']]).toEqual(['Failed', expect.stringContaining(reason), 1]);
});

test.each([
  ['all', ['cluster', 'instance']],
  ['the cluster', ['cluster']],
  ['the instance', ['instance']],
] as const)('deletes and reports %s that an earlier run left behind', async (_what, leftOvers) => {
  for (const each of leftOvers) rds[each] = { status: 'available', asksLeft: 0, tags: [] };
  expect(await harness.run()).toMatchObject({ state: 'Passed' });
  expect(harness.figure('RestoreDrillLeftOver')).toBe(1);
  expect(rds.calls('RestoreDBClusterFromSnapshotCommand')).toHaveLength(1);
  expect(rds.calls('CreateDBInstanceCommand')).toHaveLength(1);
  nothingIsLeft();
});

test('continues with its own cluster and instance after a lost response', async () => {
  rds.fail('RestoreDBClusterFromSnapshotCommand', named('TimeoutError'));
  rds.fail('CreateDBInstanceCommand', named('TimeoutError'));
  expect(await harness.run()).toMatchObject({ state: 'Passed', tries: { Restore: 2 } });
  nothingIsLeft();
});

test('does not use a cluster of another run', async () => {
  rds.cluster = { status: 'available', asksLeft: 0, tags: [{ Key: 'RestoreDrillRun', Value: 'run-1' }] };
  const restoring = handler({ step: 'restore', ...thisRun });
  await expect(restoring).rejects.toMatchObject({
    name: 'DrillError',
    message: 'The cluster restore-drill-database-test1 exists but was not created by this run.',
  });
});

test('gives up without a source cluster', async () => {
  rds.mock.on(DescribeDBClustersCommand).rejects(new DBClusterNotFoundFault({ message: 'fake', $metadata: {} }));
  await expect(handler({ step: 'restore', ...thisRun })).rejects.toMatchObject({
    message: 'The cluster database-test1 does not exist.',
  });
});

test('gives up when the restored cluster vanishes', async () => {
  await expect(handler({ step: 'await-database', ...thisRun })).rejects.toMatchObject({
    message: 'The restored cluster restore-drill-database-test1 no longer exists.',
  });
});

test('waits for the address of the restored cluster', async () => {
  rds.cluster = { status: 'available', asksLeft: 0, tags: [] };
  rds.instance = { status: 'available', asksLeft: 0, tags: [] };
  rds.mock.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ Status: 'available', Port: 5432 }] });
  await expect(handler({ step: 'await-database', ...thisRun })).rejects.toMatchObject({
    message: 'The cluster restore-drill-database-test1 has no endpoint yet.',
  });
});

test('retries a throttled call in every step', async () => {
  const throttled = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  for (const command of [
    'DescribeDBClustersCommand',
    'DescribeDBClusterSnapshotsCommand',
    'RestoreDBClusterFromSnapshotCommand',
    'CreateDBInstanceCommand',
    'DeleteDBInstanceCommand',
    'DeleteDBClusterCommand',
  ])
    rds.fail(command, throttled(), throttled());
  expect(await harness.run()).toMatchObject({ state: 'Passed' });
  nothingIsLeft();
});

test('retries a failed deletion', async () => {
  rds.fail('DeleteDBInstanceCommand', ...Array.from({ length: 20 }, () => named('InternalFailure')));
  expect(await harness.run()).toMatchObject({ state: 'Passed', tries: { CleanUp: expect.any(Number) as number } });
  nothingIsLeft();
});

test('reports a deletion that never succeeds, even if the check passed', async () => {
  rds.fail('DeleteDBClusterCommand', ...Array.from({ length: 500 }, () => named('InvalidParameterCombination')));
  expect(await harness.run()).toMatchObject({ state: 'LeftOver', error: 'InvalidParameterCombination' });
  expect(harness.figure('RestoreDrillLeftOver')).toBe(1);
  expect(harness.figure('RestoreDrillPassed')).toBe(1);
});

describe('with another run', () => {
  const other = (startDate: Date, arn = `${executionArn}-other`) =>
    ({ executionArn: arn, startDate }) as ExecutionListItem;

  test('that began earlier, gives way and changes nothing', async () => {
    harness.others.push(other(hoursAgo(1)));
    rds.cluster = { status: 'available', asksLeft: 0, tags: [] };
    expect(await harness.run()).toMatchObject({ state: 'GaveWayToAnotherRun', tries: { Sweep: 1 } });
    expect(rds.calls('DeleteDBClusterCommand')).toEqual([]);
    expect(harness.figure('RestoreDrillLeftOver')).toBeUndefined();
  });

  test('that began later, continues', async () => {
    harness.others.push(other(hoursAgo(-1)));
    expect(await harness.run()).toMatchObject({ state: 'Passed' });
  });

  test('that began at the same time, lets exactly one continue', async () => {
    harness.others.push(other(hoursAgo(0)));
    expect(await harness.run()).toMatchObject({ state: 'Passed' });
    harness.others.push(other(hoursAgo(0), executionArn.replace('run-2', 'run-1')));
    expect(await harness.run()).toMatchObject({ state: 'GaveWayToAnotherRun' });
  });
});
