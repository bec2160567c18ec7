import { classifyChanges } from '../../lib/changes/classify-changes';
import type { Resource, Template } from '../../lib/changes/template-set';

const stack = (Resources: Record<string, Resource>, Outputs: Template['Outputs'] = {}): Template => ({
  Resources,
  Outputs,
});
const of = (Type: string, Properties: object): Resource => ({ Type, Properties: { ...Properties } });
const outputOf = (OutputName: string) => ({
  'Fn::GetStackOutput': { StackName: 'network', Region: 'eu-south-2', OutputName },
});

function classOf(before: Resource, after: Resource | undefined, others: Record<string, Resource> = {}) {
  const next = { ...(after ? { It: after } : {}), ...others };
  return classifyChanges({ 'eu-south-2/a': stack({ It: before, ...others }) }, { 'eu-south-2/a': stack(next) });
}

const service = of('AWS::ECS::Service', { DeploymentController: { Type: 'CODE_DEPLOY' }, DesiredCount: 0 });
const tagged = of('AWS::ECS::Service', { ...service.Properties, Tags: [{ Key: 'CostCenter', Value: 'payments' }] });
const byEcs = of('AWS::ECS::Service', {
  ServiceName: 'api',
  DeploymentController: { Type: 'ECS' },
  DeploymentConfiguration: { Strategy: 'CANARY', BakeTimeInMinutes: 5 },
});
const baked = of('AWS::ECS::Service', {
  ...byEcs.Properties,
  DeploymentConfiguration: { Strategy: 'LINEAR', BakeTimeInMinutes: 9 },
});
const byCodeDeploy = of('AWS::ECS::Service', { ServiceName: 'api', DeploymentController: { Type: 'CODE_DEPLOY' } });
const config = (name: string, minutes: number) =>
  of('AWS::CodeDeploy::DeploymentConfig', {
    DeploymentConfigName: name,
    TrafficRoutingConfig: { TimeBasedCanary: { CanaryInterval: minutes } },
  });
const bucket = (name: string) => of('AWS::S3::Bucket', { BucketName: name });
const task = (cpu: string) => of('AWS::ECS::TaskDefinition', { Family: 'api', Cpu: cpu });
const taggedTask = of('AWS::ECS::TaskDefinition', { ...task('256').Properties, Tags: [{ Key: 'a', Value: 'b' }] });
const listener = (port: number) => of('AWS::ElasticLoadBalancingV2::Listener', { Port: port, LoadBalancerArn: 'alb' });
const reader = (type: string) =>
  of('AWS::RDS::DBInstance', { DBClusterIdentifier: { Ref: 'C' }, DBInstanceClass: type });

test.each([
  ['a resource that stays as it is', 'no change', task('256'), task('256')],
  ['an instance class', 'in place', reader('db.t4g.medium'), reader('db.t4g.large')],
  ['a removed reader', 'in place', reader('db.t4g.medium'), undefined],
  ['a task definition', 'new task revision', task('256'), task('512')],
  ['a deployment configuration under another name', 'safe replacement', config('five', 5), config('six', 6)],
  ['a deployment configuration under the same name', 'not changeable', config('same', 5), config('same', 6)],
  ['a bucket under another name', 'not changeable', bucket('one'), bucket('two')],
  ['a removed bucket', 'not changeable', bucket('one'), undefined],
  ['tags of a task definition', 'in place', task('256'), taggedTask],
  ['tags of a service of CodeDeploy', 'not changeable', service, tagged],
  ['how ECS moves the traffic of a service', 'in place', byEcs, baked],
  ['a service of ECS that CodeDeploy is to deploy', 'not changeable', byEcs, byCodeDeploy],
  ['a service of CodeDeploy that ECS is to deploy', 'not changeable', byCodeDeploy, byEcs],
])('%s: %s', (_, expected, before, after) => {
  expect(classOf(before, after).changeClass).toBe(expected);
});

test.each([
  ['CodeDeploy', service],
  ['ECS', byEcs],
])('refuses to replace a target group between which %s shifts traffic', (mover, deployed) => {
  const group = (Protocol: string) => of('AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol, Port: 3000 });
  const { changeClass, refusals } = classOf(group('HTTP'), group('HTTPS'), { Service: deployed });
  expect(changeClass).toBe('not changeable');
  expect(refusals.map(({ reason }) => reason)).toEqual([
    `carries the traffic that ${mover} moves, and would be replaced`,
  ]);
});

test.each([
  ['CodeDeploy', service],
  ['ECS', byEcs],
])('accepts a change of a listener of %s only if Custom::ListenerTraffic follows it', (_, deployed) => {
  const update = (digests: readonly [string, string]) => {
    const [before, after] = digests.map((TrafficDigest, index) =>
      stack({
        Service: deployed,
        Listener: listener(index === 0 ? 80 : 443),
        Traffic: of('Custom::ListenerTraffic', { ServiceToken: 'token', TrafficDigest }),
      }),
    );
    return classifyChanges({ 'eu-south-2/a': before ?? {} }, { 'eu-south-2/a': after ?? {} }).changeClass;
  };
  expect(update(['one', 'one'])).toBe('not changeable');
  expect(update(['one', 'two'])).toBe('in place');
});

describe('a new id that another stack uses', () => {
  const network = (cidr: string) =>
    stack({ Vpc: of('AWS::EC2::VPC', { CidrBlock: cidr }) }, { VpcId: { Value: { Ref: 'Vpc' } } });
  const blue = (tag: string) =>
    stack({ Blue: of('AWS::EC2::SecurityGroup', { VpcId: outputOf('VpcId'), Tags: [{ Key: 'a', Value: tag }] }) });
  const update = (before: Template, after: Template) =>
    classifyChanges(
      { 'eu-south-2/network': network('10.0.0.0/16'), 'eu-south-2/compute': before },
      { 'eu-south-2/network': network('10.1.0.0/16'), 'eu-south-2/compute': after },
    );

  test('replaces resources with the id in a create-only property', () => {
    const { changeClass, resources } = update(blue('one'), blue('two'));
    expect(changeClass).toBe('safe replacement');
    expect(resources).toEqual(['AWS::EC2::SecurityGroup Blue', 'AWS::EC2::VPC Vpc']);
  });

  test('is refused if the template of that stack is unchanged', () => {
    expect(update(blue('one'), blue('one')).refusals).toEqual([
      expect.objectContaining({ stackName: 'eu-south-2/compute', logicalId: undefined }),
    ]);
  });
});

test('refuses to delete a subnet that another stack uses', () => {
  const subnet = stack({ Subnet: of('AWS::EC2::Subnet', {}) }, { SubnetId: { Value: { Ref: 'Subnet' } } });
  const group = (id: unknown) => stack({ Group: of('AWS::ElastiCache::SubnetGroup', { SubnetIds: [id] }) });
  const { refusals } = classifyChanges(
    { 'eu-south-2/network': subnet, 'eu-south-2/data': group(outputOf('SubnetId')) },
    { 'eu-south-2/network': stack({}), 'eu-south-2/data': group(outputOf('OtherId')) },
  );
  expect(refusals).toEqual([expect.objectContaining({ logicalId: 'Subnet' })]);
});

test('refuses to remove subnets of a database from its subnet group', () => {
  const group = (...SubnetIds: string[]) => of('AWS::RDS::DBSubnetGroup', { SubnetIds, DBSubnetGroupName: 'group' });
  expect(classOf(group('a', 'b'), group('a', 'b', 'c')).changeClass).toBe('in place');
  expect(classOf(group('a', 'b'), group('a', 'c')).changeClass).toBe('not changeable');
});

test('refuses to replace a resource under the same name by one with another logical ID', () => {
  const alarm = of('AWS::CloudWatch::Alarm', { AlarmName: 'api-down', Threshold: 1 });
  const move = (after: Resource) =>
    classifyChanges({ 'eu-south-2/a': stack({ Before: alarm }) }, { 'eu-south-2/a': stack({ After: after }) });
  expect(move(alarm).refusals).toEqual([
    expect.objectContaining({ logicalId: 'Before', reason: 'would be replaced under the same name' }),
  ]);
  expect(move(of('AWS::CloudWatch::Alarm', { AlarmName: 'api-up', Threshold: 1 })).refusals).toEqual([]);
});

test('refuses to use a stack with resources of another home region', () => {
  const edge = (Region: string) => ({
    'us-east-1/edge': stack({
      Site: of('AWS::S3::Bucket', {
        Tags: [{ 'Fn::GetStackOutput': { StackName: 'compute', Region, OutputName: 'A' } }],
      }),
    }),
  });
  const { refusals } = classifyChanges(edge('eu-south-2'), edge('eu-west-1'));
  expect(refusals).toEqual([expect.objectContaining({ stackName: 'us-east-1/edge', logicalId: undefined })]);
});

test('classifies stacks with other names as another environment', () => {
  const of = (name: string) => ({ [`eu-south-2/${name}`]: stack({ It: bucket('one') }) });
  expect(classifyChanges(of('a-test1'), of('a-test2')).changeClass).toBe('another environment');
});

test('ignores stacks that do not exist yet', () => {
  expect(classifyChanges({}, { 'eu-south-2/a': stack({ It: bucket('one') }) }).changeClass).toBe('no change');
});
