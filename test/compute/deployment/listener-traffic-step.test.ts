import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { resourceTypes } from '../../../lib/compute/deployment/deployment-steps-contract';
import { listenerTraffic } from '../../../lib/compute/deployment/listener-traffic-step';
import { customResourceEvent, pollOf } from '../../support/custom-resource-events';
import { DeployedService, noChanges, trafficProperties } from '../../support/deployed-service';

const service = new DeployedService();
const event = (type: 'Create' | 'Update' | 'Delete') =>
  customResourceEvent(type, resourceTypes.listenerTraffic, trafficProperties, trafficProperties);
const done = { PhysicalResourceId: 'traffic-api-service-test1' };
const ruleTo = (colour: string) => ({ RuleArn: 'rule-arn', Actions: [{ Type: 'forward', TargetGroupArn: colour }] });

beforeEach(() => {
  service.reset();
  jest.spyOn(console, 'log').mockImplementation();
});

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  { tasksIn: 'blue', ruleTo: 'green' },
  { tasksIn: 'green', ruleTo: 'blue' },
] as const)('points the rule to the tasks in $tasksIn after an update has put it to $ruleTo', async (state) => {
  service.is(state);
  await expect(listenerTraffic.start(event('Update'))).resolves.toEqual(done);
  expect(service.changes).toEqual({ ...noChanges, moved: [ruleTo(state.tasksIn)] });
  await expect(listenerTraffic.isComplete(pollOf(event('Update')))).resolves.toBe(true);
});

test('points the rule to the tasks during a rollback too', async () => {
  service.is({ tasksIn: 'green', ruleTo: 'blue', stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' });
  await listenerTraffic.start(event('Update'));
  expect(service.changes).toEqual({ ...noChanges, moved: [ruleTo('green')] });
});

test.each(['blue', 'green'] as const)('leaves a rule that already forwards to the tasks in %s', async (colour) => {
  service.is({ tasksIn: colour, ruleTo: colour });
  await listenerTraffic.start(event('Update'));
  expect(service.changes).toEqual(noChanges);
});

test('leaves the rule to a running deployment', async () => {
  service.is({ tasksIn: 'green', ruleTo: 'blue', underWay: ['d-EARLIER'] });
  await expect(listenerTraffic.start(event('Update'))).resolves.toEqual(done);
  expect(service.changes).toEqual(noChanges);
});

test.each(['Create', 'Delete'] as const)('does nothing at %s and does not read the service', async (type) => {
  await expect(listenerTraffic.start(event(type))).resolves.toEqual(
    type === 'Delete' ? { PhysicalResourceId: 'earlier' } : done,
  );
  expect(service.ecs.calls()).toEqual([]);
});

test('names a missing resource', async () => {
  service.is({});
  service.loadBalancing.on(DescribeRulesCommand).resolves({ Rules: [] });
  await expect(listenerTraffic.start(event('Update'))).rejects.toThrow('The listener rule rule-arn does not exist.');
  service.ecs.on(DescribeServicesCommand).resolves({ services: [] });
  await expect(listenerTraffic.start(event('Update'))).rejects.toThrow('The service api-service-test1 does not exist.');
  expect(service.changes).toEqual(noChanges);
});
