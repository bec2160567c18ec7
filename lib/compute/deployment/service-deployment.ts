import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type {
  DeploymentAlarmOptions,
  FargateServiceProps,
  IBaseService,
  IDeploymentLifecycleHookTarget,
  IEcsLoadBalancerTarget,
  ITaskDefinition,
  LoadBalancerTargetOptions,
} from 'aws-cdk-lib/aws-ecs';
import type { IApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct, IDependable } from 'constructs';
import type { ServiceMetrics } from '../compute-resources';
import type { LoadBalancer } from '../load-balancer';

/** A service, with the methods by which a strategy completes it. */
interface IDeployableService extends IBaseService {
  addLifecycleHook(target: IDeploymentLifecycleHookTarget): void;
  attachToApplicationTargetGroup(targetGroup: IApplicationTargetGroup): void;
  enableDeploymentAlarms(alarmNames: string[], options: DeploymentAlarmOptions): void;
  loadBalancerTarget(options: LoadBalancerTargetOptions): IEcsLoadBalancerTarget;
}

/** The service with the resources that a deployment needs. */
export interface ServiceToDeploy {
  readonly service: IDeployableService;
  /** The name as a literal, for resources that the service depends on. */
  readonly serviceName: string;
  readonly task: ITaskDefinition;
  readonly loadBalancer: LoadBalancer;
  readonly metrics: ServiceMetrics;
  /** Number of tasks at the first start. */
  readonly initialTaskCount: number;
  /** Constructs that must complete before tasks of a new revision serve requests. */
  readonly after: readonly IConstruct[];
}

/** A deployment strategy: how a new version replaces the running one. */
export interface IServiceDeployment {
  /** Properties that the strategy requires of the service. */
  readonly serviceProps: Partial<FargateServiceProps>;
  /** Creates the deployment resources of the service, and registers its tasks with target groups. */
  attach(target: ServiceToDeploy): AttachedDeployment;
}

/** The result of `attach`. */
export interface AttachedDeployment {
  /** Alarms that roll a deployment back. They exist already, because the deployment group refers to them. */
  readonly rollbackAlarms: readonly IAlarm[];
  /** Depend on it to wait for the first tasks. */
  readonly running: IDependable;
}
