import { CustomResource, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  EcsApplication,
  EcsDeploymentConfig,
  EcsDeploymentGroup,
  type IEcsDeploymentGroup,
  type TrafficRouting,
} from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentControllerType } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import type { CodeDeployBlueGreenConfig } from '../../config/deployment-profile';
import { createAlarm } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import { containerPort } from '../../network/service-ports';
import { containerName } from '../container-contract';
import { CodeDeployRole } from './code-deploy-role';
import type { DeploymentSteps } from './deployment-steps';
import {
  type DeployedServiceProperties,
  type ListenerTrafficProperties,
  resourceTypes,
  type ServiceDeploymentProperties,
} from './deployment-steps-contract';
import { trafficState } from './listener-traffic';
import { rollbackAlarms } from './rollback-alarms';
import type { AttachedDeployment, IServiceDeployment, ServiceToDeploy } from './service-deployment';

/** A traffic shift from blue to green. */
export interface TrafficShift {
  /** Unique per routing, because a deployment configuration is immutable and its name unique. */
  readonly name: string;
  readonly routing: TrafficRouting;
}

export interface CodeDeployBlueGreenProps {
  readonly names: ResourceNames;
  readonly config: CodeDeployBlueGreenConfig;
  readonly shift: TrafficShift;
  readonly steps: DeploymentSteps;
  /** The run of the schema migrations: it may start only when traffic has followed an update of the listener. */
  readonly migrationRun: IConstruct;
}

/**
 * Blue-green deployments by CodeDeploy, with rollback on alarms.
 *
 * CloudFormation can neither update a service with the CODE_DEPLOY controller nor start its deployments. Service, listener, rule and
 * target groups therefore render the same for every version, and a custom resource starts the deployment and waits for it. The service
 * is created without tasks, because CloudFormation would wait hours for unhealthy tasks. The custom resource times out after minutes and
 * reports the reason.
 */
export class CodeDeployBlueGreen extends Construct implements IServiceDeployment {
  readonly serviceProps = { deploymentController: { type: DeploymentControllerType.CODE_DEPLOY }, desiredCount: 0 };
  readonly #names: ResourceNames;
  readonly #config: CodeDeployBlueGreenConfig;
  readonly #shift: TrafficShift;
  readonly #steps: DeploymentSteps;
  readonly #migrationRun: IConstruct;

  constructor(scope: Construct, id: string, props: CodeDeployBlueGreenProps) {
    super(scope, id);
    this.#names = props.names;
    this.#config = props.config;
    this.#shift = props.shift;
    this.#steps = props.steps;
    this.#migrationRun = props.migrationRun;
  }

  attach(target: ServiceToDeploy): AttachedDeployment {
    target.service.attachToApplicationTargetGroup(target.loadBalancer.blue);
    const alarms = rollbackAlarms(this.#config.rollback, target.metrics).map((definition) =>
      createAlarm(this, definition, this.#names, undefined),
    );
    const group = this.#deploymentGroup(target, alarms);
    const running = this.#startDeployments(target, group);
    return { rollbackAlarms: alarms, running };
  }

  #deploymentGroup({ service, task, loadBalancer }: ServiceToDeploy, alarms: IAlarm[]): EcsDeploymentGroup {
    const names = this.#names;
    const role = new CodeDeployRole(this, 'Role', {
      names,
      clusterName: service.cluster.clusterName,
      serviceName: service.serviceName,
      listenerArn: loadBalancer.listener.listenerArn,
      loadBalancerFullName: loadBalancer.fullName,
      task,
    });
    const group = new EcsDeploymentGroup(this, 'Group', {
      application: new EcsApplication(this, 'Application', { applicationName: names.of('code-deploy-application') }),
      deploymentGroupName: names.of('deployment-group'),
      deploymentConfig: new EcsDeploymentConfig(this, 'Config', {
        deploymentConfigName: names.of('deployment-config', this.#shift.name),
        trafficRouting: this.#shift.routing,
      }),
      service,
      // Otherwise CDK would add AWS's managed policy to the role.
      role: role.withoutPolicyUpdates(),
      blueGreenDeploymentConfig: {
        blueTargetGroup: loadBalancer.blue,
        greenTargetGroup: loadBalancer.green,
        listener: loadBalancer.listener,
        terminationWaitTime: Duration.minutes(this.#config.terminationWaitMinutes),
      },
      alarms,
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    addOutput(this, 'CodeDeployApplicationName', group.application.applicationName);
    addOutput(this, 'DeploymentGroupName', group.deploymentGroupName);
    // CodeDeploy reads the service with this role when the group is created.
    group.node.addDependency(role);
    return group;
  }

  #startDeployments(target: ServiceToDeploy, group: EcsDeploymentGroup): IDependable {
    const { service, task, loadBalancer, after } = target;
    // Only the service resource, because its other children may depend on its tasks.
    const { defaultChild: serviceItself = service } = service.node;
    const deployed: DeployedServiceProperties = {
      ClusterArn: service.cluster.clusterArn,
      ServiceName: service.serviceName,
      ApplicationName: group.application.applicationName,
      DeploymentGroupName: group.deploymentGroupName,
    };
    const profileTags = withoutProfileTags([serviceItself, loadBalancer.apiRule]);
    const rights = this.#grant(deploymentStatements(target, group));
    const traffic = this.#step('Traffic', resourceTypes.listenerTraffic, {
      ...deployed,
      ListenerRuleArn: loadBalancer.apiRule.attrRuleArn,
      ...trafficState(loadBalancer),
    } satisfies ListenerTrafficProperties);
    traffic.node.addDependency(serviceItself, group, loadBalancer, ...rights);
    // Directly after the rule. Until then the rule forwards to blue, which may have no tasks, and a migration may take minutes or fail.
    this.#migrationRun.node.addDependency(traffic);

    const deployment = this.#step('Deployment', resourceTypes.serviceDeployment, {
      ...deployed,
      TaskDefinitionArn: task.taskDefinitionArn,
      ContainerName: containerName,
      ContainerPort: String(containerPort),
      InitialTaskCount: String(target.initialTaskCount),
      ServiceArn: service.serviceArn,
      ListenerRuleArn: loadBalancer.apiRule.attrRuleArn,
      ProfileTags: profileTags,
    } satisfies ServiceDeploymentProperties);
    deployment.node.addDependency(traffic, ...after, task.taskRole);
    if (task.executionRole) deployment.node.addDependency(task.executionRole);
    return deployment;
  }

  #step(id: string, resourceType: string, properties: object): CustomResource {
    return new CustomResource(this, id, {
      serviceToken: this.#steps.serviceToken,
      resourceType,
      properties: { ...properties },
    });
  }

  /** Grants the statements to the steps. Returns the policies to depend on. */
  #grant(statements: readonly PolicyStatement[]): IDependable[] {
    return this.#steps.grantees.flatMap((grantee) =>
      statements.flatMap(
        (statement) => grantee.grantPrincipal.addToPrincipalPolicy(statement.copy()).policyDependable ?? [],
      ),
    );
  }
}

/**
 * Removes the tags of the profile from the templates of `resources` and from the stack, whose tags CloudFormation propagates.
 *
 * CloudFormation cannot update a service with the CODE_DEPLOY controller, not even its tags, and an update of the rule resets it to blue.
 *
 * @returns the tags, for the step that applies them
 */
function withoutProfileTags(resources: readonly [IConstruct, ...IConstruct[]]): Readonly<Record<string, string>> {
  const { tags } = Stack.of(resources[0]);
  const values = tags.tagValues();
  for (const key of Object.keys(values)) {
    tags.removeTag(key, Number.MAX_SAFE_INTEGER);
    for (const resource of resources) Tags.of(resource).remove(key);
  }
  return values;
}

/** Permissions of the steps for this service. */
function deploymentStatements(
  { service, loadBalancer }: ServiceToDeploy,
  group: IEcsDeploymentGroup,
): PolicyStatement[] {
  const { application, deploymentConfig, deploymentGroupArn } = group;
  const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
  return [
    allow(['ecs:DescribeServices', 'ecs:TagResource', 'ecs:UntagResource', 'ecs:UpdateService'], [service.serviceArn]),
    allow(
      ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment', 'codedeploy:ListDeployments'],
      [deploymentGroupArn],
    ),
    allow(['codedeploy:GetDeploymentConfig'], [deploymentConfig.deploymentConfigArn]),
    allow(
      ['codedeploy:RegisterApplicationRevision', 'codedeploy:GetApplicationRevision'],
      [application.applicationArn],
    ),
    allow(
      ['elasticloadbalancing:AddTags', 'elasticloadbalancing:ModifyRule', 'elasticloadbalancing:RemoveTags'],
      [loadBalancer.apiRule.attrRuleArn],
    ),
    // IAM supports neither a resource nor a condition key for these actions.
    allow(['codedeploy:StopDeployment', 'elasticloadbalancing:DescribeRules'], ['*']),
    allow(['cloudformation:DescribeStacks'], [Stack.of(loadBalancer).stackId]),
  ];
}
