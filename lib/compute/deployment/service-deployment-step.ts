import {
  CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { appSpecFor, carriesRevision } from './app-spec';
import { type DeploymentStep, type IsCompleteEvent, isRollingBack, type OnEventResult } from './deployment-step';
import { firstStartMinutes, type ServiceDeploymentProperties } from './deployment-steps-contract';
import { applyProfileTags } from './profile-tags';
import { describeService, primaryTaskSet, runningDeployments } from './running-service';
import { physicalId } from '../../constructs/physical-id';

const ecs = new ECSClient();
const codeDeploy = new CodeDeployClient();

/** Deploys a revision: at creation by starting tasks, afterwards by a blue-green deployment of CodeDeploy. */
export const serviceDeployment: DeploymentStep = { start, isComplete };

async function start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  const properties = propertiesOf(event);
  const done = { PhysicalResourceId: physicalId(event, `deployment-${properties.ServiceName}`) };
  switch (event.RequestType) {
    case 'Create':
      await applyProfileTags(properties);
      await scaleTo(properties, Number(properties.InitialTaskCount));
      return { ...done, Data: { StartedAt: new Date().toISOString() } };
    case 'Update': {
      await applyProfileTags(properties, event.OldResourceProperties as Partial<ServiceDeploymentProperties>);
      const deploymentId = await deploy(event);
      return deploymentId === undefined ? done : { ...done, Data: { DeploymentId: deploymentId } };
    }
    case 'Delete':
      await standDown(properties);
      return done;
  }
}

async function isComplete(event: IsCompleteEvent): Promise<boolean> {
  const properties = propertiesOf(event);
  switch (event.RequestType) {
    case 'Create':
      return firstTasksAreUp(properties, event.Data?.['StartedAt']);
    case 'Update':
      return deploymentSucceeded(event.Data?.['DeploymentId']);
    case 'Delete':
      return (await runningDeployments(properties)).length === 0;
  }
}

/** Starts a deployment if needed. Returns the id of the deployment to wait for. */
async function deploy(event: CloudFormationCustomResourceUpdateEvent): Promise<string | undefined> {
  const properties = propertiesOf(event);
  const primary = primaryTaskSet(await describeService(properties));
  const [running] = await runningDeployments(properties);
  if (running !== undefined) return adopt(running, event);
  if (primary.taskDefinition === properties.TaskDefinitionArn || (await isRollingBack(event.StackId))) return undefined;
  const { deploymentId } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName: properties.ApplicationName,
      deploymentGroupName: properties.DeploymentGroupName,
      description: `cdk deploy of ${properties.TaskDefinitionArn}`,
      revision: { revisionType: 'AppSpecContent', appSpecContent: appSpecFor(properties) },
    }),
  );
  return deploymentId;
}

/**
 * Handles a deployment in progress. A Lambda retry finds the deployment of the first attempt and waits for it.
 *
 * A rollback of the stack stops the deployment that timed out, with a rollback by CodeDeploy. It ignores any other deployment, because an
 * error would leave the stack in UPDATE_ROLLBACK_FAILED.
 */
async function adopt(
  deploymentId: string,
  event: CloudFormationCustomResourceUpdateEvent,
): Promise<string | undefined> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  const brings = ({ TaskDefinitionArn }: ServiceDeploymentProperties) =>
    carriesRevision(deploymentInfo?.revision?.appSpecContent?.content, TaskDefinitionArn);
  if (brings(propertiesOf(event))) return deploymentId;
  if (!(await isRollingBack(event.StackId))) {
    throw new Error(
      `The deployment ${deploymentId} of another revision is in progress. Wait for it or stop it, and deploy again.`,
    );
  }
  // In a rollback, the old properties are those of the failed update.
  if (brings(event.OldResourceProperties as unknown as ServiceDeploymentProperties)) await stop(deploymentId, true);
  return undefined;
}

async function firstTasksAreUp(properties: ServiceDeploymentProperties, startedAt = ''): Promise<boolean> {
  const service = await describeService(properties);
  const wanted = Number(properties.InitialTaskCount);
  const { stabilityStatus, runningCount = 0 } = primaryTaskSet(service);
  if (stabilityStatus === 'STEADY_STATE' && runningCount >= wanted) return true;
  if (Date.now() - Date.parse(startedAt) < firstStartMinutes * 60_000) return false;
  const events = service.events
    ?.slice(0, 5)
    .map(({ message }) => message)
    .join(' | ');
  throw new Error(
    `Only ${runningCount} of ${wanted} tasks are healthy after ${firstStartMinutes} minutes. Latest service events: ${events ?? 'none'}`,
  );
}

async function deploymentSucceeded(deploymentId: string | undefined): Promise<boolean> {
  if (deploymentId === undefined) return true;
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  const { status, errorInformation, rollbackInfo } = deploymentInfo ?? {};
  if (status === 'Succeeded') return true;
  if (status !== 'Failed' && status !== 'Stopped') return false;
  const cause = errorInformation
    ? `${errorInformation.code ?? ''} ${errorInformation.message ?? ''}`
    : 'no reason given';
  throw new Error(
    `Deployment ${deploymentId} ended as ${status}: ${cause}. ${rollbackInfo?.rollbackMessage ?? ''}`.trim(),
  );
}

/** Prepares the deletion of the service: stops deployments and scales to zero. */
async function standDown(properties: ServiceDeploymentProperties): Promise<void> {
  for (const deploymentId of await runningDeployments(properties)) {
    await stop(deploymentId, false);
  }
  await scaleTo(properties, 0).catch(ignoreIfGone);
}

async function stop(deploymentId: string, autoRollbackEnabled: boolean): Promise<void> {
  await codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled })).catch(ignoreIfGone);
}

async function scaleTo({ ClusterArn, ServiceName }: ServiceDeploymentProperties, desiredCount: number): Promise<void> {
  await ecs.send(new UpdateServiceCommand({ cluster: ClusterArn, service: ServiceName, desiredCount }));
}

function ignoreIfGone(error: unknown): void {
  const gone = [
    'ServiceNotFoundException',
    'ServiceNotActiveException',
    'ClusterNotFoundException',
    'DeploymentAlreadyCompletedException',
  ];
  if (!(error instanceof Error) || !gone.includes(error.name)) throw error;
}

function propertiesOf(event: CloudFormationCustomResourceEvent): ServiceDeploymentProperties {
  return event.ResourceProperties as unknown as ServiceDeploymentProperties;
}
