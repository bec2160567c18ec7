import { GetDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, type TaskSet, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { resourceTypes } from '../../../lib/compute/deployment/deployment-steps-contract';
import { serviceDeployment } from '../../../lib/compute/deployment/service-deployment-step';
import { customResourceEvent, pollOf } from '../../support/custom-resource-events';
import { DeployedService, noChanges, properties } from '../../support/deployed-service';

const service = new DeployedService();
const event = (type: 'Create' | 'Update' | 'Delete') =>
  customResourceEvent(type, resourceTypes.serviceDeployment, properties);

beforeEach(() => {
  service.reset();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the first start', () => {
  const startedAt = '2026-01-01T12:00:00.000Z';
  const poll = pollOf(event('Create'), { StartedAt: startedAt });

  function given(minutes: number, primary: Partial<TaskSet>): void {
    jest.useFakeTimers({ now: Date.parse(startedAt) + minutes * 60_000 });
    const events = ['six', 'five', 'four', 'three', 'two', 'one'].map((message) => ({ message }));
    service.ecs
      .on(DescribeServicesCommand)
      .resolves({ services: [{ taskSets: [{ status: 'PRIMARY', ...primary }], events }] });
  }

  test('scales the service up from zero and stores the time', async () => {
    jest.useFakeTimers({ now: Date.parse(startedAt) });
    await expect(serviceDeployment.start(event('Create'))).resolves.toEqual({
      PhysicalResourceId: 'deployment-api-service-test1',
      Data: { StartedAt: startedAt },
    });
    const scaled = [{ cluster: 'cluster-arn', service: 'api-service-test1', desiredCount: 3 }];
    expect(service.changes).toEqual({ ...noChanges, scaled });
  });

  test('completes when all tasks run in a steady state', async () => {
    given(5, { stabilityStatus: 'STEADY_STATE', runningCount: 3 });
    await expect(serviceDeployment.isComplete(poll)).resolves.toBe(true);
  });

  test.each([
    { stabilityStatus: 'STABILIZING', runningCount: 3 },
    { stabilityStatus: 'STEADY_STATE', runningCount: 2 },
    { stabilityStatus: 'STEADY_STATE', runningCount: 0 },
  ] as const)('waits at $stabilityStatus with $runningCount tasks', async (primary) => {
    given(14.9, primary);
    await expect(serviceDeployment.isComplete(poll)).resolves.toBe(false);
  });

  test('times out after 15 minutes with the latest five service events', async () => {
    given(15, { stabilityStatus: 'STABILIZING', runningCount: 1 });
    await expect(serviceDeployment.isComplete(poll)).rejects.toThrow(
      /^Only 1 of 3 tasks are healthy after 15 minutes\. Latest service events: six \| five \| four \| three \| two$/,
    );
  });
});

describe('a deployment', () => {
  const poll = pollOf(event('Update'), { DeploymentId: 'd-1' });

  test.each(['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] as const)('waits while %s', async (status) => {
    service.codeDeploy.on(GetDeploymentCommand, { deploymentId: 'd-1' }).resolves({ deploymentInfo: { status } });
    await expect(serviceDeployment.isComplete(poll)).resolves.toBe(false);
  });

  test('completes when it succeeds', async () => {
    service.codeDeploy
      .on(GetDeploymentCommand, { deploymentId: 'd-1' })
      .resolves({ deploymentInfo: { status: 'Succeeded' } });
    await expect(serviceDeployment.isComplete(poll)).resolves.toBe(true);
  });

  test.each(['Failed', 'Stopped'] as const)('that %s fails the update with the error of CodeDeploy', async (status) => {
    service.codeDeploy.on(GetDeploymentCommand, { deploymentId: 'd-1' }).resolves({
      deploymentInfo: {
        status,
        errorInformation: { code: 'ALARM_ACTIVE', message: 'One or more alarms have been activated' },
        rollbackInfo: { rollbackMessage: 'Rolled back by d-2.' },
      },
    });
    await expect(serviceDeployment.isComplete(poll)).rejects.toThrow(
      `Deployment d-1 ended as ${status}: ALARM_ACTIVE One or more alarms have been activated. Rolled back by d-2.`,
    );
  });

  test('that fails without a reason fails the update', async () => {
    service.codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'Failed' } });
    await expect(serviceDeployment.isComplete(poll)).rejects.toThrow(
      'Deployment d-1 ended as Failed: no reason given.',
    );
  });
});

describe('a deletion', () => {
  const toZero = { cluster: 'cluster-arn', service: 'api-service-test1', desiredCount: 0 };

  test.each(['blue', 'green'] as const)('with the tasks in %s only removes the tasks', async (colour) => {
    service.is({ tasksIn: colour, ruleTo: colour });
    await serviceDeployment.start(event('Delete'));
    expect(service.changes).toEqual({ ...noChanges, scaled: [toZero] });
  });

  test('stops every running deployment without a rollback', async () => {
    service.is({ underWay: ['d-1', 'd-2'] });
    await serviceDeployment.start(event('Delete'));
    const stopped = ['d-1', 'd-2'].map((deploymentId) => ({ deploymentId, autoRollbackEnabled: false }));
    expect(service.changes).toEqual({ ...noChanges, stopped, scaled: [toZero] });
  });

  test('completes when no deployment is running', async () => {
    service.is({ underWay: ['d-1'] });
    await expect(serviceDeployment.isComplete(pollOf(event('Delete')))).resolves.toBe(false);
    service.is({});
    await expect(serviceDeployment.isComplete(pollOf(event('Delete')))).resolves.toBe(true);
  });

  test.each(['ServiceNotFoundException', 'ServiceNotActiveException', 'ClusterNotFoundException'])(
    'of a missing service (%s) succeeds',
    async (name) => {
      service.is({});
      service.ecs.on(UpdateServiceCommand).rejects(Object.assign(new Error('gone'), { name }));
      await expect(serviceDeployment.start(event('Delete'))).resolves.toEqual({
        PhysicalResourceId: 'earlier',
      });
    },
  );

  test('removes the tasks even if the deployment ended before it could be stopped', async () => {
    service.is({ underWay: ['d-1'] });
    const ended = Object.assign(new Error('ended'), { name: 'DeploymentAlreadyCompletedException' });
    service.codeDeploy.on(StopDeploymentCommand).rejects(ended);
    await serviceDeployment.start(event('Delete'));
    expect(service.changes.scaled).toEqual([toZero]);
  });

  test('fails on any other error', async () => {
    service.is({});
    service.ecs.on(UpdateServiceCommand).rejects('not authorized');
    await expect(serviceDeployment.start(event('Delete'))).rejects.toThrow('not authorized');
  });
});
