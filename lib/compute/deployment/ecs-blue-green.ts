import { Duration } from 'aws-cdk-lib';
import {
  AlarmBehavior,
  AlternateTarget,
  DeploymentControllerType,
  type FargateServiceProps,
  ListenerRuleConfiguration,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { EcsBlueGreenConfig } from '../../config/deployment-profile';
import { createAlarm } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import { containerPort } from '../../network/service-ports';
import { containerName } from '../container-contract';
import { MigrationHook } from '../migrations/migration-hook';
import type { SchemaMigration } from '../migrations/schema-migration';
import { EcsListenerTraffic } from './ecs-listener-traffic';
import { EcsLoadBalancerRole } from './ecs-load-balancer-role';
import { rollbackAlarms } from './rollback-alarms';
import type { AttachedDeployment, IServiceDeployment, ServiceToDeploy } from './service-deployment';

/** How production traffic moves from blue to green. */
export type EcsStrategy = Pick<
  FargateServiceProps,
  'deploymentStrategy' | 'canaryConfiguration' | 'linearConfiguration'
>;

/** What a deployment by ECS depends on. */
export interface EcsBlueGreenProps {
  readonly names: ResourceNames;
  readonly config: EcsBlueGreenConfig;
  readonly strategy: EcsStrategy;
  readonly migration: SchemaMigration;
}

/**
 * ECS itself brings up new tasks beside the old ones, moves the traffic, and rolls back when an alarm fires or tasks do not start.
 *
 * CloudFormation updates the service and waits for ECS. The template names no desired count: CloudFormation would send it with each
 * update and undo what Application Auto Scaling has set. ECS starts a new service with one task.
 */
export class EcsBlueGreen extends Construct implements IServiceDeployment {
  readonly serviceProps: Partial<FargateServiceProps>;
  readonly #names: ResourceNames;
  readonly #config: EcsBlueGreenConfig;
  readonly #migration: SchemaMigration;

  constructor(scope: Construct, id: string, props: EcsBlueGreenProps) {
    super(scope, id);
    const { names, config, strategy, migration } = props;
    this.#names = names;
    this.#config = config;
    this.#migration = migration;
    this.serviceProps = {
      deploymentController: { type: DeploymentControllerType.ECS },
      bakeTime: Duration.minutes(config.bakeMinutes),
      circuitBreaker: { enable: true, rollback: true },
      ...strategy,
    };
  }

  attach({ service, serviceName, task, loadBalancer, metrics, after }: ServiceToDeploy): AttachedDeployment {
    const names = this.#names;
    const definitions = rollbackAlarms(this.#config.rollback, metrics);
    const alarms = definitions.map((definition) => createAlarm(this, definition, names, undefined));
    // Names, not references: CDK warns of a reference, because it cannot see that these alarms do not refer to the service.
    service.enableDeploymentAlarms(
      definitions.map(({ id }) => names.of('alarm', id)),
      { behavior: AlarmBehavior.ROLLBACK_ON_ALARM },
    );
    const role = new EcsLoadBalancerRole(this, 'LoadBalancerRole', { names, loadBalancer });
    service
      .loadBalancerTarget({
        containerName,
        containerPort,
        alternateTarget: new AlternateTarget('Green', {
          alternateTargetGroup: loadBalancer.green,
          productionListener: ListenerRuleConfiguration.applicationListenerRule(loadBalancer.listenerRule),
          role,
        }),
      })
      .attachToApplicationTargetGroup(loadBalancer.blue);
    const hook = new MigrationHook(this, 'MigrationHook', { names, migration: this.#migration });
    service.addLifecycleHook(hook.target);
    const traffic = new EcsListenerTraffic(this, 'Traffic', {
      names,
      loadBalancer,
      serviceName,
      clusterName: service.cluster.clusterName,
      clusterArn: service.cluster.clusterArn,
    });
    // The service alone: what is attached to it waits for it.
    const { defaultChild: serviceItself = service } = service.node;
    serviceItself.node.addDependency(role, hook, traffic, ...alarms, ...after);
    // ECS starts the first tasks as soon as the service is created.
    if (task.executionRole) serviceItself.node.addDependency(task.executionRole);
    return { rollbackAlarms: alarms, running: serviceItself };
  }
}
