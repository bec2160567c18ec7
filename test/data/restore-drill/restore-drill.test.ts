import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as bundles from '../../../lib/constructs/handler-bundles';
import { handlerBundle } from '../../../lib/constructs/handler-bundles';
import { DrillTemplate } from '../../support/drill-template';
import { networkTier } from '../../support/network-tier';
import { overrides } from '../../support/profile-overrides';
import type { Retrier, State } from '../../support/state-machine-run';
import { referenceOf, TemplateResources, type TemplateStatement } from '../../support/template-resources';

const tier = new DrillTemplate();
const { definition } = tier;
const states = Object.entries(definition.States);
const tasks = states.filter(([, { Type }]) => Type === 'Task');

/** The bundles as another synthesis makes them, which has made none yet. */
function anotherProcess(): typeof bundles {
  jest.resetModules();
  return jest.requireActual('../../../lib/constructs/handler-bundles');
}

/** Every way out of a state. */
const exits = ({ Next, Default, Catch = [], Choices = [] }: State): string[] =>
  [Next, Default, ...Catch.map((each) => each.Next), ...Choices.map((each) => each.Next)].filter(
    (name) => name !== undefined,
  );

/** Every state that a run can reach from one, going through none of those that it avoids. */
function reachable(from: string, avoiding: readonly string[] = [], seen = new Set<string>()): Set<string> {
  const state = definition.States[from];
  if (!state || seen.has(from) || avoiding.includes(from)) return seen;
  seen.add(from);
  for (const next of exits(state)) reachable(next, avoiding, seen);
  return seen;
}

/** The longest that a task may take: each try to its very end, and the waits between them. */
function worstSeconds({ TimeoutSeconds = 0, Retry = [] }: State): number {
  const waits = ({ MaxAttempts = 3, IntervalSeconds = 1, BackoffRate = 2 }: Retrier) =>
    Array.from({ length: MaxAttempts }, (_, attempt) => IntervalSeconds * BackoffRate ** attempt + TimeoutSeconds);
  return TimeoutSeconds + Retry.flatMap(waits).reduce((sum, seconds) => sum + seconds, 0);
}

describe('the state machine', () => {
  test('always ends with the clean-up, except if it gives way to another run', () => {
    const ends = states.filter(([, state]) => exits(state).length === 0).map(([name]) => name);
    expect(ends.sort()).toEqual(['Failed', 'GaveWayToAnotherRun', 'LeftOver', 'Passed']);
    const unclean = reachable(definition.StartAt, ['CleanUp']);
    expect(ends.filter((end) => unclean.has(end))).toEqual(['GaveWayToAnotherRun']);
    const givesWay = tasks.flatMap(([name, { Catch = [] }]) =>
      Catch.filter(({ Next }) => Next === 'GaveWayToAnotherRun').map(({ ErrorEquals }) => [name, ...ErrorEquals]),
    );
    expect(givesWay).toEqual([['Sweep', 'AnotherRun']]);
  });

  test('reaches every state, and the clean-up from each earlier state', () => {
    expect([...reachable(definition.StartAt)].sort()).toEqual(states.map(([name]) => name).sort());
    const after = reachable('CleanUp');
    for (const [name] of states.filter(([each]) => !after.has(each) && each !== 'GaveWayToAnotherRun'))
      expect([name, reachable(name).has('CleanUp')]).toEqual([name, true]);
  });

  test('catches every error of a task, before and in the clean-up', () => {
    for (const [name, { Catch = [], Next }] of tasks.filter(([each]) => each !== 'Report')) {
      const { ErrorEquals, Next: caughtBy } = Catch.at(-1) ?? {};
      expect([name, ErrorEquals, caughtBy]).toEqual([name, ['States.ALL'], name === 'CleanUp' ? Next : 'CleanUp']);
    }
  });

  test('has timeouts for each task and wait, and a longer one for itself', () => {
    for (const [name, { TimeoutSeconds }] of tasks) expect([name, TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    // No state is reached twice in one run.
    for (const [name, state] of states) for (const next of exits(state)) expect(reachable(next).has(name)).toBe(false);
    const longest = tasks.map(([, state]) => worstSeconds(state)).reduce((sum, seconds) => sum + seconds, 0);
    expect(definition.TimeoutSeconds).toBeGreaterThan(longest);
    expect(definition.TimeoutSeconds).toBeLessThan(24 * 3600);
  });

  test('gives each task a longer timeout than its function', () => {
    for (const [name, { Resource = '', TimeoutSeconds = 0 }] of tasks) {
      const timeout = tier.all[Resource]?.Properties['Timeout'] as number;
      expect([name, TimeoutSeconds > timeout]).toEqual([name, true]);
    }
  });
});

test('runs on the schedule of the profile, enabled after the first run and deleted before the last', () => {
  const [, { Properties, DependsOn = [] }] = tier.only('AWS::Scheduler::Schedule');
  expect(Properties).toMatchObject({ ScheduleExpression: 'cron(0 3 * * ? *)', State: 'ENABLED' });
  const [lifecycleId] = tier.only('Custom::RestoreDrill');
  expect(DependsOn).toContain(lifecycleId);
});

test('deletes the dependencies of a copy after the copy', () => {
  const [, { Properties }] = tier.only('Custom::RestoreDrill');
  const held = [
    Properties['SubnetGroupName'],
    Properties['ParameterGroupName'],
    Properties['KeyArn'],
    Properties['StateMachineArn'],
  ];
  expect(held.map((value) => tier.all[referenceOf(value) ?? '']?.Type)).toEqual([
    'AWS::RDS::DBSubnetGroup',
    'AWS::RDS::DBClusterParameterGroup',
    'AWS::KMS::Key',
    'AWS::StepFunctions::StateMachine',
  ]);
});

test.each(['workflow', 'schedule'])('limits the role of its %s to this account', (purpose) => {
  const role = tier
    .properties('AWS::IAM::Role')
    .find(({ RoleName }) => RoleName === `restore-drill-${purpose}-role-test1`);
  expect(role?.['AssumeRolePolicyDocument']).toMatchObject({
    Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } }],
  });
});

describe('its functions', () => {
  const granted = (purpose: string): TemplateStatement[] => tier.statementsOf(`restore-drill${purpose}-role-test1`);
  /** `action -> resources`, with references shown by what they refer to. */
  const rightsOf = (purpose: string) =>
    granted(purpose).flatMap(({ Action, Resource }) =>
      [Action ?? []].flat().flatMap((action) => [Resource].flat().map((each) => `${action} ${shown(each)}`)),
    );
  const shown = (resource: unknown) =>
    JSON.stringify(resource).replace(
      /.*:(?=(cluster|db|cluster-snapshot|subgrp|cluster-pg|og|pg|stateMachine|execution|dbuser):)/,
      '',
    );
  const changing = (purpose: string) =>
    rightsOf(purpose)
      .filter((right) => /^(rds|states):(?!Describe|List)/.test(right))
      .map((right) => right.replace(/"?\]\]\}$/, ''));

  test('may create and delete only the copy, under its two names', () => {
    expect(changing('-steps')).toEqual([
      'rds:DeleteDBCluster cluster:restore-drill-database-test1',
      'rds:DeleteDBInstance db:restore-drill-writer-database-test1',
      expect.stringMatching(/^rds:RestoreDBClusterFromSnapshot cluster-pg:",\{"Ref":"DatabaseParameters\w+"\}$/),
      'rds:RestoreDBClusterFromSnapshot cluster-snapshot:rds:database-test1-*',
      'rds:RestoreDBClusterFromSnapshot cluster:restore-drill-database-test1',
      'rds:RestoreDBClusterFromSnapshot og:default:aurora-postgresql-*',
      'rds:RestoreDBClusterFromSnapshot pg:default.aurora-postgresql*',
      expect.stringMatching(/^rds:RestoreDBClusterFromSnapshot subgrp:",\{"Ref":"DatabaseSubnets\w+"\}$/),
      'rds:CreateDBInstance cluster:restore-drill-database-test1',
      'rds:CreateDBInstance db:restore-drill-writer-database-test1',
      'rds:CreateDBInstance og:default:aurora-postgresql-*',
      'rds:CreateDBInstance pg:default.aurora-postgresql*',
      expect.stringMatching(/^rds:CreateDBInstance subgrp:",\{"Ref":"DatabaseSubnets\w+"\}$/),
      'rds:AddTagsToResource cluster:restore-drill-database-test1',
      'rds:AddTagsToResource db:restore-drill-writer-database-test1',
    ]);
    expect(changing('-begin')).toEqual(['states:StartExecution stateMachine:restore-drill-state-machine-test1']);
    expect(changing('-end')).toEqual([
      'rds:DeleteDBCluster cluster:restore-drill-database-test1',
      'rds:DeleteDBInstance db:restore-drill-writer-database-test1',
      'states:StopExecution execution:restore-drill-state-machine-test1:*',
    ]);
  });

  test('may grant RDS the database key, but not use it themselves', () => {
    const onKeys = granted('-steps').filter(({ Action }) => JSON.stringify(Action).includes('kms:'));
    const viaRds = { 'kms:ViaService': 'rds.eu-south-2.amazonaws.com' };
    expect(onKeys.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['kms:CreateGrant', { StringEquals: viaRds, Bool: { 'kms:GrantIsForAWSResource': 'true' } }],
      ['kms:DescribeKey', { StringEquals: viaRds }],
    ]);
    for (const { Resource } of onKeys) expect(referenceOf(Resource)).toMatch(/^KeysDatabase/);
  });

  test('that check the copy run in the VPC with a read-only login', () => {
    const [, verification] = tier.functionNamed('restore-drill-function-test1');
    expect(verification['VpcConfig']).toMatchObject({ SecurityGroupIds: [expect.stringMatching(/^sg-/)] });
    expect(verification['Timeout']).toBe(900);
    const rights = rightsOf('').filter((right) => !/^(ec2|logs):/.test(right));
    expect(rights).toEqual(['rds-db:connect dbuser:*/payments_drill"]]}']);
  });

  test('include only the migrations of this build', () => {
    const app = join(__dirname, '../../../app');
    writeFileSync(join(handlerBundle('app/restore-drill'), 'database/migrations', '9999_earlier.sql'), '');
    const bundle = anotherProcess().handlerBundle('app/restore-drill');
    const names = readdirSync(join(app, 'database/migrations'));
    expect(readdirSync(join(bundle, 'database/migrations'))).toEqual(names);
    for (const name of names)
      expect(readFileSync(join(bundle, 'database/migrations', name), 'utf8')).toBe(
        readFileSync(join(app, 'database/migrations', name), 'utf8'),
      );
  });
});

test('lets only the checking function reach the copy', () => {
  const network = new TemplateResources(networkTier(overrides({ restoreDrill: { schedule: 'rate(1 day)' } })));
  const nameOf = (id: unknown) => network.all[referenceOf(id) ?? '']?.Properties['GroupName'];
  const ways = network
    .properties('AWS::EC2::SecurityGroupIngress')
    .map(({ SourceSecurityGroupId, GroupId, FromPort }) => [nameOf(SourceSecurityGroupId), nameOf(GroupId), FromPort]);
  const [drill, copy] = ['restore-drill-security-group-test1', 'restored-database-security-group-test1'];
  expect(ways.filter(([from, to]) => from === drill || to === copy)).toEqual([
    [drill, 'database-security-group-test1', 5432],
    [drill, copy, 5432],
  ]);
  expect(ways.filter(([from, to]) => from === copy || to === drill)).toEqual([]);
  const reached = network
    .properties('AWS::EC2::SecurityGroupEgress')
    .filter(({ GroupId }) => [drill, copy].includes(String(nameOf(GroupId))))
    .map(({ GroupId, DestinationSecurityGroupId }) => [nameOf(GroupId), nameOf(DestinationSecurityGroupId)]);
  expect(reached).toEqual([
    [drill, 'database-security-group-test1'],
    [drill, copy],
  ]);
  // A group without a rule of its own for what it reaches gets one of CDK's, which leads nowhere.
  for (const name of [drill, copy]) {
    const group = network.properties('AWS::EC2::SecurityGroup').find(({ GroupName }) => GroupName === name);
    expect(JSON.stringify(group?.['SecurityGroupEgress'] ?? [])).not.toContain('0.0.0.0/0');
  }
});

test('creates nothing without a drill', () => {
  const network = new TemplateResources(networkTier());
  expect(JSON.stringify(network.all)).not.toMatch(/restore/i);
});
