import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { DeploymentController, IBaseService, ITaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct, IDependable } from 'constructs';
import type { ServiceMetrics } from '../compute-resources';
import type { LoadBalancer } from '../load-balancer';

/** The service with the resources that a deployment needs. */
export interface ServiceToDeploy {
  readonly service: IBaseService;
  readonly task: ITaskDefinition;
  readonly loadBalancer: LoadBalancer;
  readonly metrics: ServiceMetrics;
  /** Number of tasks at the first start. */
  readonly initialTaskCount: number;
  /** The schema migration, which must run after the traffic step. */
  readonly before: IConstruct;
  /** Constructs that must complete before tasks of a new revision serve requests. */
  readonly after: readonly IConstruct[];
}

/** A deployment strategy: how a new version replaces the running one. */
export interface IServiceDeployment {
  /** Properties that the strategy requires of the service. */
  readonly serviceProps: { readonly deploymentController: DeploymentController; readonly desiredCount: number };
  /** Creates the deployment resources of the service. */
  attach(target: ServiceToDeploy): AttachedDeployment;
}

/** The result of `attach`. */
export interface AttachedDeployment {
  /** Alarms that roll a deployment back. They exist already, because the deployment group refers to them. */
  readonly rollbackAlarms: readonly IAlarm[];
  /** Depend on it to wait for the first tasks. */
  readonly running: IDependable;
}
