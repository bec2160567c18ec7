import { GetDeploymentCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, type DescribeServicesCommandOutput } from '@aws-sdk/client-ecs';
import { appSpecFor } from '../../../lib/compute/deployment/app-spec';
import { resourceTypes } from '../../../lib/compute/deployment/deployment-steps-contract';
import { serviceDeployment } from '../../../lib/compute/deployment/service-deployment-step';
import { customResourceEvent, pollOf } from '../../support/custom-resource-events';
import { DeployedService, noChanges, properties } from '../../support/deployed-service';

type ServiceOutput = Partial<DescribeServicesCommandOutput>;

const service = new DeployedService();
const update = customResourceEvent('Update', resourceTypes.serviceDeployment, properties, {
  ...properties,
  TaskDefinitionArn: 'task-definition/api:3',
});
const done = { PhysicalResourceId: 'deployment-api-service-test1' };

beforeEach(() => {
  service.reset();
  jest.spyOn(console, 'log').mockImplementation();
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('deploys the new revision through CodeDeploy and stores the deployment id', async () => {
  service.is({});
  await expect(serviceDeployment.start(update)).resolves.toEqual({ ...done, Data: { DeploymentId: 'd-NEW' } });
  const deployment = {
    applicationName: 'application',
    deploymentGroupName: 'group',
    description: 'cdk deploy of task-definition/api:2',
    revision: { revisionType: 'AppSpecContent', appSpecContent: appSpecFor(properties) },
  };
  expect(service.changes).toEqual({ ...noChanges, started: [deployment] });
});

test('completes an update to the running revision immediately', async () => {
  service.is({ runs: 'task-definition/api:2' });
  await expect(serviceDeployment.start(update)).resolves.toEqual(done);
  expect(service.changes).toEqual(noChanges);
  await expect(serviceDeployment.isComplete(pollOf(update))).resolves.toBe(true);
});

describe('while a deployment is running', () => {
  /** A running deployment of this revision. */
  function underWay(taskDefinitionArn: string): void {
    const appSpecContent = appSpecFor({ ...properties, TaskDefinitionArn: taskDefinitionArn });
    service.codeDeploy
      .on(GetDeploymentCommand, { deploymentId: 'd-EARLIER' })
      .resolves({ deploymentInfo: { revision: { appSpecContent } } });
  }

  test('waits in a retry for the deployment of the first attempt', async () => {
    service.is({ underWay: ['d-EARLIER'] });
    underWay('task-definition/api:2');
    await expect(serviceDeployment.start(update)).resolves.toEqual({ ...done, Data: { DeploymentId: 'd-EARLIER' } });
    expect(service.changes).toEqual(noChanges);
    expect(service.codeDeploy.commandCalls(ListDeploymentsCommand).map(({ args }) => args[0].input)).toEqual([
      {
        applicationName: 'application',
        deploymentGroupName: 'group',
        includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'],
      },
    ]);
  });

  // One whose name begins alike, and the one that the resource had before.
  test.each(['task-definition/api:22', 'task-definition/api:3'])(
    'fails for another revision (%s) without stopping it or moving traffic',
    async (revision) => {
      service.is({ underWay: ['d-EARLIER'], ruleTo: 'green' });
      underWay(revision);
      await expect(serviceDeployment.start(update)).rejects.toThrow(
        'The deployment d-EARLIER of another revision is in progress. Wait for it or stop it, and deploy again.',
      );
      expect(service.changes).toEqual(noChanges);
    },
  );

  test('rolls back the timed-out deployment in a rollback of the stack', async () => {
    service.is({ underWay: ['d-EARLIER'], stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    underWay('task-definition/api:3');
    await expect(serviceDeployment.start(update)).resolves.toEqual(done);
    const stopped = [{ deploymentId: 'd-EARLIER', autoRollbackEnabled: true }];
    expect(service.changes).toEqual({ ...noChanges, stopped });
  });

  test("waits for CodeDeploy's rollback in a rollback of the stack", async () => {
    service.is({ underWay: ['d-EARLIER'], stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    underWay('task-definition/api:2');
    await expect(serviceDeployment.start(update)).resolves.toEqual({ ...done, Data: { DeploymentId: 'd-EARLIER' } });
    expect(service.changes).toEqual(noChanges);
  });

  test('ignores a foreign deployment in a rollback of the stack', async () => {
    service.is({ underWay: ['d-EARLIER'], stackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    underWay('task-definition/api:22');
    await expect(serviceDeployment.start(update)).resolves.toEqual(done);
    expect(service.changes).toEqual(noChanges);
  });
});

describe('a missing resource', () => {
  test.each<[string, ServiceOutput]>([
    ['The service api-service-test1 does not exist.', { services: [] }],
    [
      'The service api has no primary task set.',
      { services: [{ serviceName: 'api', taskSets: [{ status: 'ACTIVE' }] }] },
    ],
  ])('%s', async (message, output) => {
    service.is({});
    service.ecs.on(DescribeServicesCommand).resolves(output);
    await expect(serviceDeployment.start(update)).rejects.toThrow(message);
    expect(service.changes).toEqual(noChanges);
  });
});
