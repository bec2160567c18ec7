import { CfnOutput } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  type CfnDashboard,
  CompositeAlarm,
  type IAlarm,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import { recordedSettings, settingsMetadata } from '../config/recorded-settings';
import { createAlarm } from '../constructs/alarm-definition';
import { AlarmNotifications, homeTopicPurpose } from '../constructs/alarm-notifications';
import { pascalCase } from '../core/pascal-case';
import { PlatformStack, type PlatformStackProps } from '../core/platform-stack';
import type { DataResources } from '../data/data-resources';
import type { DocumentReplicaStack } from '../data/documents/document-replica-stack';
import type { EdgeResources } from '../edge/edge-resources';
import type { NetworkResources } from '../network/network-resources';
import { businessAlarms, businessMetrics } from './business-metrics';
import { Canary } from './canary';
import { PlatformDashboard } from './dashboard';
import { LogArchive } from './log-archive';
import { BurnRateAlarms } from './objectives/burn-rate-alarms';
import { platformObjectives } from './objectives/platform-objectives';
import { SamplingRules } from './sampling-rules';

export interface ObservabilityStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
  readonly data: DataResources;
  readonly compute: ComputeResources;
  readonly edge: EdgeResources;
  /** @default - documents are not replicated */
  readonly replica?: Pick<DocumentReplicaStack, 'alarmArns'> | undefined;
}

/** The last tier: alarms, notifications and dashboard. */
export class ObservabilityStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props, {
      tier: 'observability',
      description: 'Payment platform: alarms, notifications, dashboard',
    });
    const { names } = this;
    const { network, data, compute, edge, settings } = props;

    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: homeTopicPurpose,
      email: settings.alarmEmail,
    });
    const business = businessMetrics(settings.environmentSuffix);
    const { applicationLogArchive, tracing } = settings.profile.observability;
    if (tracing) new SamplingRules(this, 'SamplingRules', { names, samplingPercent: tracing.samplingPercent });
    const archive = applicationLogArchive
      ? new LogArchive(this, 'LogArchive', { names, config: applicationLogArchive, logs: compute.applicationLogs })
      : undefined;
    const canary = this.#canary(props);
    const definitions = [
      ...compute.alarms,
      ...data.alarms,
      ...(archive?.alarms ?? []),
      ...(canary?.alarms ?? []),
      ...businessAlarms(business),
    ];
    const alarms = definitions.map((definition) => createAlarm(this, definition, names, notifications.action));
    const rollback = new CompositeAlarm(this, 'DeploymentRollback', {
      compositeAlarmName: names.of('alarm', 'deployment-rollback'),
      alarmDescription: this.runbook.describe(
        'deployment-rollback',
        'An alarm that rolls deployments back is firing.',
        'Look which rollback alarm it is, and whether a deployment is running.',
        'Severity: page.',
      ),
      alarmRule: AlarmRule.anyOf(
        ...compute.rollbackAlarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      ),
    });
    rollback.addAlarmAction(notifications.action);
    rollback.addOkAction(notifications.action);
    const objectives = platformObjectives(compute.metrics, business);
    const burnRates = objectives.flatMap(
      (objective) =>
        new BurnRateAlarms(this, pascalCase(objective.id), { names, objective, action: notifications.action }).alarms,
    );
    const dashboard = new PlatformDashboard(this, 'Dashboard', {
      dashboardName: names.of('dashboard'),
      url: edge.url,
      runbook: this.runbook.headingOf('runbook'),
      service: compute.metrics,
      queue: compute.queueMetrics,
      database: data.database.metrics,
      edge: edge.metrics,
      business,
      objectives,
      alarms: [...network.alarms, ...alarms, ...burnRates, rollback, ...this.#alarmsElsewhere(props)],
    });
    // In the last stack, so that they are those of the last deployment that succeeded completely.
    (dashboard.node.defaultChild as CfnDashboard).addMetadata(settingsMetadata, recordedSettings(settings));
    new CfnOutput(this, 'DashboardUrl', { value: this.runbook.dashboardUrl });
    new CfnOutput(this, 'AlarmTopicArn', { value: notifications.topicArn });
    new CfnOutput(this, 'LogRetentionDays', { value: String(settings.profile.observability.logRetentionDays) });
    if (archive) {
      new CfnOutput(this, 'LogArchiveBucketName', { value: archive.bucketName });
      new CfnOutput(this, 'LogArchiveDays', { value: String(archive.keptDays) });
    }
  }

  #canary({ settings: { profile }, compute, edge }: ObservabilityStackProps): Canary | undefined {
    const { canaryKey } = compute;
    if (!profile.canary || !canaryKey) return undefined;
    return new Canary(this, 'Canary', {
      names: this.names,
      config: profile.canary,
      url: edge.url,
      apiKey: canaryKey,
      gatewayKeyId: edge.canaryGatewayKeyId,
    });
  }

  /** Alarms of other stacks, by ARN, because they may be in other regions. */
  #alarmsElsewhere({ compute, edge, replica }: ObservabilityStackProps): IAlarm[] {
    const scope = new Construct(this, 'AlarmsElsewhere');
    return [...compute.alarmArns, ...edge.alarmArns, ...(replica?.alarmArns ?? [])].map((arn, index) =>
      Alarm.fromAlarmArn(scope, `Alarm${index}`, arn),
    );
  }
}
