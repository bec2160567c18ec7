import { DependencyGraph } from '../../support/dependency-graph';
import { builtProfiles, profileContexts } from '../../support/profile-contexts';
import { testPlatform } from '../../support/test-platform';

/**
 * Registering a scalable target raises a service to the target's minimum immediately.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
describe.each(builtProfiles)('%s', (profile) => {
  const { compute } = testPlatform(profileContexts[profile]).templates;
  const graph = new DependencyGraph(compute);
  const [deployment, { Properties }] = compute.only('Custom::EcsDeployment');
  const [migration] = compute.only('Custom::SchemaMigration');
  const [service, { Properties: ofService }] = compute.only('AWS::ECS::Service');

  test('starts its first tasks after the migrations, by the deployment only', () => {
    expect(ofService['DesiredCount']).toBe(0);
    expect(graph.before(deployment)).toContain(migration);
    expect(graph.before(deployment)).toContain(service);
    expect(Number(Properties['InitialTaskCount'])).toBeGreaterThan(0);
  });

  test('scales once the first tasks run, and stops scaling before they are removed', () => {
    for (const type of ['ScalableTarget', 'ScalingPolicy']) {
      const entries = compute.entries(`AWS::ApplicationAutoScaling::${type}`);
      expect(entries.length).toBeGreaterThan(0);
      for (const [id] of entries) expect(graph.before(id)).toContain(deployment);
    }
  });
});
