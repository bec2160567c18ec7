import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CodeDeployClient,
  CreateDeploymentCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import type {
  ListenerTrafficProperties,
  ServiceDeploymentProperties,
} from '../../lib/compute/deployment/deployment-steps-contract';
import { stackId } from './custom-resource-events';

const deployed = {
  ClusterArn: 'cluster-arn',
  ServiceName: 'api-service-test1',
  ApplicationName: 'application',
  DeploymentGroupName: 'group',
};

/** Resource properties of the step after an update of the listener. */
export const trafficProperties: ListenerTrafficProperties = {
  ...deployed,
  ListenerRuleArn: 'rule-arn',
  TrafficDigest: 'digest',
  TrafficReferences: ['secret-arn'],
};

/** Resource properties of a deployment of revision 2 of the API. */
export const properties: ServiceDeploymentProperties = {
  ...deployed,
  TaskDefinitionArn: 'task-definition/api:2',
  ContainerName: 'api',
  ContainerPort: '3000',
  InitialTaskCount: '3',
  ServiceArn: 'service-arn',
  ListenerRuleArn: 'rule-arn',
  ProfileTags: { CostCenter: 'payments' },
};

/** The initial state of the service. */
export interface ServiceState {
  /** The revision of the primary task set. */
  readonly runs?: string;
  readonly tasksIn?: 'blue' | 'green';
  readonly ruleTo?: 'blue' | 'green';
  /** Deployments in progress. */
  readonly underWay?: readonly string[];
  readonly stackStatus?: 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_IN_PROGRESS';
}

/** Fakes of the AWS APIs of a deployed service, with a record of changes. */
export class DeployedService {
  readonly ecs = mockClient(ECSClient);
  readonly codeDeploy = mockClient(CodeDeployClient);
  readonly loadBalancing = mockClient(ElasticLoadBalancingV2Client);
  readonly cloudFormation = mockClient(CloudFormationClient);

  reset(): void {
    for (const client of [this.ecs, this.codeDeploy, this.loadBalancing, this.cloudFormation]) client.reset();
  }

  is(state: ServiceState): void {
    const { runs = 'task-definition/api:1', tasksIn = 'blue', ruleTo = 'blue', underWay = [] } = state;
    const { stackStatus = 'UPDATE_IN_PROGRESS' } = state;
    // The primary is neither the only task set nor the first one.
    const replaced = { status: 'ACTIVE', taskDefinition: 'task-definition/api:0' };
    const primary = { status: 'PRIMARY', taskDefinition: runs, loadBalancers: [{ targetGroupArn: tasksIn }] };
    this.ecs
      .on(DescribeServicesCommand, { cluster: 'cluster-arn', services: ['api-service-test1'] })
      .resolves({ services: [{ taskSets: [replaced, primary] }] });
    // As CodeDeploy leaves it: the idle colour stays in the rule, with a weight of 0.
    const targetGroups = ['blue', 'green'].map((colour) => ({
      TargetGroupArn: colour,
      Weight: colour === ruleTo ? 100 : 0,
    }));
    const actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups: targetGroups } }];
    this.loadBalancing.on(DescribeRulesCommand, { RuleArns: ['rule-arn'] }).resolves({ Rules: [{ Actions: actions }] });
    this.codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: [...underWay] });
    this.codeDeploy.on(CreateDeploymentCommand).resolves({ deploymentId: 'd-NEW' });
    this.codeDeploy.on(StopDeploymentCommand).resolves({});
    this.cloudFormation.on(DescribeStacksCommand, { StackName: stackId }).resolves({
      Stacks: [{ StackName: stackId, CreationTime: new Date(0), StackStatus: stackStatus }],
    });
  }

  /** Every call that changes something, in order within each kind. */
  get changes(): { started: unknown[]; stopped: unknown[]; moved: unknown[]; scaled: unknown[] } {
    return {
      started: this.codeDeploy.commandCalls(CreateDeploymentCommand).map(({ args }) => args[0].input),
      stopped: this.codeDeploy.commandCalls(StopDeploymentCommand).map(({ args }) => args[0].input),
      moved: this.loadBalancing.commandCalls(ModifyRuleCommand).map(({ args }) => args[0].input),
      scaled: this.ecs.commandCalls(UpdateServiceCommand).map(({ args }) => args[0].input),
    };
  }
}

/** Nothing was changed. */
export const noChanges = { started: [], stopped: [], moved: [], scaled: [] };
