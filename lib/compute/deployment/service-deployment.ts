import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { DeploymentController, IBaseService, ITaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct, IDependable } from 'constructs';
import type { ServiceMetrics } from '../compute-resources';
import type { LoadBalancer } from '../load-balancer';

/** The finished service and what stands around it. */
export interface ServiceToDeploy {
  readonly service: IBaseService;
  readonly task: ITaskDefinition;
  readonly loadBalancer: LoadBalancer;
  readonly metrics: ServiceMetrics;
  /** How many tasks the service starts with. */
  readonly initialTaskCount: number;
  /** What may start only when traffic has followed an update of the listener: the schema migration. */
  readonly before: IConstruct;
  /** What must be done before a task of a new revision serves a request. */
  readonly after: readonly IConstruct[];
}

/** How a new version of the service replaces the running one. */
export interface IServiceDeployment {
  /** What the strategy demands of the service when it is defined. */
  readonly serviceProps: { readonly deploymentController: DeploymentController; readonly desiredCount: number };
  /** Takes charge of the service's versions. */
  attach(target: ServiceToDeploy): AttachedDeployment;
}

/** What a strategy offers once it is in charge. */
export interface AttachedDeployment {
  /** Alarms that turn a deployment back; real, because the deployment watches them itself. */
  readonly rollbackAlarms: readonly IAlarm[];
  /** There once the first tasks run. */
  readonly running: IDependable;
}
