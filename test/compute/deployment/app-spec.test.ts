import { createHash } from 'node:crypto';
import { appSpecFor, carriesRevision } from '../../../lib/compute/deployment/app-spec';
import { properties } from '../../support/deployed-service';

test('names revision, container and port in the AppSpec', () => {
  const LoadBalancerInfo = { ContainerName: 'api', ContainerPort: 3000 };
  const Properties = { TaskDefinition: 'task-definition/api:2', LoadBalancerInfo };
  expect(JSON.parse(appSpecFor(properties).content)).toEqual({
    version: 1,
    Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }],
  });
});

test('includes the checksum that CodeDeploy compares in the AppSpec', () => {
  const { content, sha256 } = appSpecFor(properties);
  expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['the wanted one', appSpecFor(properties).content, true],
  [
    'one whose name begins alike',
    appSpecFor({ ...properties, TaskDefinitionArn: 'task-definition/api:22' }).content,
    false,
  ],
  ['one of which nothing is known', undefined, false],
])('recognizes a revision: %s', (_, content, recognized) => {
  expect(carriesRevision(content, 'task-definition/api:2')).toBe(recognized);
});
