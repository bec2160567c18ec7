import { computeTier, ownDomain } from '../../support/compute-tier';
import { DependencyGraph, references } from '../../support/dependency-graph';
import { TemplateResources } from '../../support/template-resources';

const first = new TemplateResources(computeTier({ ...ownDomain, imageTag: '1.0.0' }));
const second = new TemplateResources(computeTier({ ...ownDomain, imageTag: '1.1.0' }));
const withoutDomain = new TemplateResources(computeTier({ imageTag: '1.0.0' }));

/** Logical ids of resources that differ between the templates. */
function changed(before: TemplateResources, after: TemplateResources): string[] {
  const ids = new Set([...Object.keys(before.all), ...Object.keys(after.all)]);
  return [...ids].filter((id) => JSON.stringify(before.all[id]) !== JSON.stringify(after.all[id]));
}

const taskDefinitions = second.entries('AWS::ECS::TaskDefinition').map(([id]) => id);

test('changes only the two task definitions with another image', () => {
  expect(taskDefinitions).toHaveLength(2);
  expect(changed(first, second).sort()).toEqual([...taskDefinitions].sort());
});

test('passes the new revisions only to migration and deployment', () => {
  // CloudFormation updates what refers to a resource that it has replaced.
  const referring = Object.values(second.all)
    .filter(({ Properties }) => taskDefinitions.some((id) => JSON.stringify(Properties).includes(`{"Ref":"${id}"}`)))
    .map(({ Type, Properties }) => [Type, Properties['TaskDefinitionArn']]);
  const [migration, api] = ['migration-task-test1', 'api-task-test1'].map(
    (family) =>
      second.entries('AWS::ECS::TaskDefinition').find(([, { Properties }]) => Properties['Family'] === family)?.[0],
  );
  expect(referring).toEqual([
    ['Custom::SchemaMigration', { Ref: migration }],
    ['Custom::EcsDeployment', { Ref: api }],
  ]);
});

test.each([
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::CodeDeploy::DeploymentGroup',
])('renders %s unchanged', (type) => {
  expect(second.entries(type)).not.toHaveLength(0);
  expect(JSON.stringify(second.entries(type))).toBe(JSON.stringify(first.entries(type)));
});

test('refers to the task definition family in the service, not to a revision', () => {
  const [, { Properties }] = second.only('AWS::ECS::Service');
  expect(Properties['TaskDefinition']).toBe('api-task-test1');
});

test('deploys after the migration, the service and the policies of its tasks', () => {
  const [deployment] = second.only('Custom::EcsDeployment');
  const [migration] = second.only('Custom::SchemaMigration');
  const [service] = second.only('AWS::ECS::Service');
  expect([...new DependencyGraph(second).before(deployment)]).toEqual(
    expect.arrayContaining([migration, service, ...policiesOf('api')]),
  );
});

test('migrates after the policies of its task', () => {
  const [, { DependsOn = [] }] = second.only('Custom::SchemaMigration');
  expect(DependsOn).toEqual(expect.arrayContaining(policiesOf('migration')));
});

/** Logical ids of the policies of task role and execution role. */
function policiesOf(purpose: string): string[] {
  const names = [`${purpose}-task-policy-test1`, `${purpose}-execution-policy-test1`];
  const found = second
    .entries('AWS::IAM::ManagedPolicy')
    .filter(([, { Properties }]) => names.includes(Properties['ManagedPolicyName'] as string));
  expect(found).toHaveLength(2);
  return found.map(([id]) => id);
}

describe('after an update of the listener or its rule', () => {
  const traffic = first.only('Custom::ListenerTraffic')[1].Properties;
  const [rule, { Properties: ofRule }] = first.only('AWS::ElasticLoadBalancingV2::ListenerRule');
  const [listener, { Properties: ofListener }] = first.only('AWS::ElasticLoadBalancingV2::Listener');

  test('gives another listener another digest', () => {
    const [id] = first.only('Custom::ListenerTraffic');
    expect(changed(withoutDomain, first)).toEqual(expect.arrayContaining([listener, id]));
    expect(withoutDomain.only('Custom::ListenerTraffic')[1].Properties['TrafficDigest']).not.toBe(
      traffic['TrafficDigest'],
    );
  });

  test('passes resolved values of references to the step', () => {
    const referred = new Set([...references(ofRule), ...references(ofListener)].filter((id) => id in first.all));
    const [secret = ''] =
      first
        .entries('AWS::SecretsManager::Secret')
        .find(([, { Properties }]) => Properties['Name'] === 'origin-secret-test1') ?? [];
    expect(referred).toContain(secret);
    expect(new Set(references(traffic['TrafficReferences']))).toEqual(referred);
    expect(JSON.stringify(traffic)).not.toContain('{{resolve:');
  });

  test('points the rule to the running tasks directly after its update, before the migration', () => {
    const graph = new DependencyGraph(first);
    const [id] = first.only('Custom::ListenerTraffic');
    const [migration] = first.only('Custom::SchemaMigration');
    expect([...graph.before(id)]).toEqual(expect.arrayContaining([rule, listener]));
    expect([...graph.before(id)]).not.toContain(migration);
    expect([...graph.before(migration)]).toContain(id);
  });
});
