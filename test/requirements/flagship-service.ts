import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceOf } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';
import { actionsOfEveryTask, allowedActions } from './shared-rows';

/** APP: tasks and deployments. */
export const service: readonly RequirementRow[] = [
  {
    cell: 'APP-1@flagship',
    demand: 'the API runs on Fargate, in an image of Node.js 18 or newer',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ECS::Service')[1].Properties).toMatchObject({ LaunchType: 'FARGATE' });
      const dockerfile = readFileSync(join(__dirname, '..', '..', 'app', 'Dockerfile'), 'utf8');
      const [, version = ''] = /distroless\/nodejs(\d+)/.exec(dockerfile) ?? [];
      expect(Number(version)).toBeGreaterThanOrEqual(18);
    },
  },
  {
    cell: 'APP-2@flagship',
    demand: 'the number of tasks has a minimum and a maximum',
    proof: ({ templates: { compute } }) => {
      const [, { Properties }] = compute.only('AWS::ApplicationAutoScaling::ScalableTarget');
      expect(Properties).toMatchObject({ MinCapacity: 3, MaxCapacity: 10 });
    },
  },
  {
    cell: 'APP-3@flagship',
    demand: 'tasks are added at 70 % CPU, with cool-downs in both directions',
    proof: ({ templates: { compute } }) => {
      const policies = compute
        .properties('AWS::ApplicationAutoScaling::ScalingPolicy')
        .map(({ TargetTrackingScalingPolicyConfiguration: configuration }) => configuration);
      expect(policies).toContainEqual({
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        TargetValue: 70,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
      });
    },
  },
  {
    cell: 'APP-4@flagship',
    demand: 'health is checked every 30 s, and two failures replace the task',
    proof: ({ templates: { compute } }) => {
      for (const group of compute.properties('AWS::ElasticLoadBalancingV2::TargetGroup')) {
        expect(group).toMatchObject({ HealthCheckIntervalSeconds: 30, UnhealthyThresholdCount: 2 });
      }
      const [api] = compute
        .properties('AWS::ECS::TaskDefinition')
        .filter(({ Family }) => Family === 'api-task-test1')
        .map(({ ContainerDefinitions }) => (ContainerDefinitions as object[])[0]);
      expect(api).toMatchObject({ Essential: true, HealthCheck: { Interval: 30, Retries: 2 } });
    },
  },
  {
    cell: 'APP-5@flagship',
    demand: 'CodeDeploy shifts traffic from blue to green, and turns back on failure and on three alarms',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ECS::Service')[1].Properties).toMatchObject({
        DeploymentController: { Type: 'CODE_DEPLOY' },
      });
      const [groupId, { Properties: group }] = compute.only('AWS::CodeDeploy::DeploymentGroup');
      expect(group).toMatchObject({
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
      });
      const { Alarms: alarms, Enabled: enabled } = group['AlarmConfiguration'] as {
        Alarms: { Name: unknown }[];
        Enabled: boolean;
      };
      expect(enabled).toBe(true);
      expect(alarms.map(({ Name }) => compute.all[referenceOf(Name) ?? '']?.Properties['AlarmName']).sort()).toEqual([
        'rollback-latency-alarm-test1',
        'rollback-server-errors-alarm-test1',
        'rollback-unhealthy-hosts-alarm-test1',
      ]);
      expect(referenceOf(compute.only('Custom::EcsDeployment')[1].Properties['DeploymentGroupName'])).toBe(groupId);
    },
  },
  {
    cell: 'APP-6@flagship',
    demand: 'the tasks’ role may do little, and what it never needs is denied',
    proof: ({ templates: { compute } }) => {
      expect(allowedActions(compute, 'api-task-role-test1')).toEqual(actionsOfEveryTask);
      const denied = compute
        .statementsOf('api-task-role-test1')
        .filter(({ Effect }) => Effect === 'Deny')
        .flatMap(({ Action }) => Action);
      expect(denied).toEqual(expect.arrayContaining(['iam:*', 'kms:ScheduleKeyDeletion']));
    },
  },
];
