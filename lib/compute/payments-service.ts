import { Duration } from 'aws-cdk-lib';
import {
  type BaseService,
  type ContainerImage,
  FargateService,
  type ICluster,
  PropagatedTagSource,
  type ScalableTaskCount,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import type { ServiceConfig } from '../config/deployment-profile';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ResourceNames } from '../core/resource-names';
import { addOutput } from '../core/add-output';
import type { DataResources } from '../data/data-resources';
import type { NetworkResources } from '../network/network-resources';
import type { TaskExtension } from './task-extensions';
import { ApiTask, type ApiTaskDefinition } from './api-task';
import type { ServiceMetrics } from './compute-resources';
import type { IServiceDeployment } from './deployment/service-deployment';
import type { LoadBalancer } from './load-balancer';
import { scaleOutOnRefusals } from './scale-out-on-refusals';
import { serviceAlarms } from './service-alarms';
import { serviceMetrics } from './service-metrics';
import { apiEnvironment } from './task-environment';

export interface PaymentsServiceProps {
  readonly names: ResourceNames;
  readonly config: ServiceConfig;
  readonly errorRatePercent: number;
  readonly network: NetworkResources;
  readonly data: DataResources;
  readonly cluster: ICluster;
  readonly image: ContainerImage;
  readonly loadBalancer: LoadBalancer;
  readonly deployment: IServiceDeployment;
  /** Additions of optional features of the profile. */
  readonly extensions: readonly TaskExtension[];
}

/** The payments API: an ECS service with Application Auto Scaling in private subnets, behind the load balancer. */
export class PaymentsService extends Construct {
  readonly service: BaseService;
  readonly serviceName: string;
  readonly task: ApiTaskDefinition;
  readonly logGroupName: string;
  readonly metrics: ServiceMetrics;
  readonly alarms: readonly AlarmDefinition[];
  readonly #scaling: ScalableTaskCount;

  constructor(scope: Construct, id: string, props: PaymentsServiceProps) {
    super(scope, id);
    const { names, config, network, data, cluster, image, loadBalancer, deployment, errorRatePercent, extensions } =
      props;
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'api') });
    this.logGroupName = logGroup.logGroupName;
    addOutput(this, 'ApiLogGroupName', logGroup.logGroupName);
    this.task = new ApiTask(this, 'Task', {
      names,
      purpose: 'api',
      image,
      cpuUnits: config.cpuUnits,
      memoryMiB: config.memoryMiB,
      environment: apiEnvironment(names.suffix, data, config.databaseConnectionsPerTask, extensions),
      secrets: data.apiLogin.secrets,
      logGroup,
      healthCheck: {
        command: ['CMD', ...(config.healthCheck.command ?? ['/nodejs/bin/node', '/app/health-check.js'])],
        interval: Duration.seconds(config.healthCheck.intervalSeconds),
        retries: config.healthCheck.failuresBeforeReplacement,
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(60),
      },
    }).definition;
    data.apiLogin.grantTo(this.task.taskRole);
    data.documents?.grantUse(this.task.taskRole);

    for (const { grantTo, addTo } of extensions) {
      grantTo?.(this.task.taskRole);
      addTo?.(this.task, logGroup);
    }

    this.serviceName = names.of('service', 'api');
    const service = new FargateService(this, 'Service', {
      ...deployment.serviceProps,
      serviceName: this.serviceName,
      cluster,
      taskDefinition: this.task,
      vpcSubnets: network.appSubnets,
      securityGroups: [network.securityGroups.tasks],
      assignPublicIp: false,
      propagateTags: PropagatedTagSource.TASK_DEFINITION,
      healthCheckGracePeriod: Duration.seconds(90),
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      enableExecuteCommand: false,
    });
    this.service = service;
    addOutput(this, 'ServiceName', service.serviceName);
    // ECS rejects a target group that no listener forwards to.
    service.node.addDependency(loadBalancer.apiRule);
    this.#scaling = scale(service, config, names);

    this.metrics = serviceMetrics({
      clusterName: cluster.clusterName,
      serviceName: this.service.serviceName,
      loadBalancerFullName: loadBalancer.fullName,
      targetGroupFullNames: loadBalancer.targetGroupFullNames,
    });
    this.alarms = serviceAlarms(this.metrics, { errorRatePercent, minTasks: config.minTasks });
  }

  /**
   * Registers the scalable target after `running`.
   *
   * Application Auto Scaling immediately raises a service to its minimum. Earlier, tasks would start on a database without a schema.
   */
  scaleAfter(running: IDependable): void {
    this.#scaling.node.addDependency(running);
  }
}

function scale(
  service: FargateService,
  { minTasks, maxTasks, scaling }: ServiceConfig,
  names: ResourceNames,
): ScalableTaskCount {
  const capacity = service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
  const cooldowns = {
    scaleOutCooldown: Duration.seconds(scaling.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(scaling.scaleInCooldownSeconds),
  };
  capacity.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: scaling.cpuPercent, ...cooldowns });
  if (scaling.memoryPercent !== undefined) {
    capacity.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: scaling.memoryPercent, ...cooldowns });
  }
  scaleOutOnRefusals(capacity, names, cooldowns.scaleOutCooldown);
  return capacity;
}
