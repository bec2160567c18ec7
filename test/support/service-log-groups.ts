import type { TemplateResource } from './template-resources';

type Properties = TemplateResource['Properties'];
type GroupsOf = (properties: Properties, id: string) => readonly unknown[];

const listAt = (properties: Properties, key: string) => (properties[key] ?? []) as readonly string[];

/** The name, as CloudFormation joins it from text and references. */
const joined = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

/** Type -> log groups that its service creates if they do not exist, unencrypted and without retention. */
const serviceLogGroups: Readonly<Record<string, GroupsOf>> = {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-view-metrics.html
  'AWS::ECS::Cluster': ({ ClusterName, ClusterSettings }) => {
    const settings = (ClusterSettings ?? []) as { Name: string; Value: string }[];
    const insights = settings.some(({ Name, Value }) => Name === 'containerInsights' && Value !== 'disabled');
    return insights ? [`/aws/ecs/containerinsights/${String(ClusterName)}/performance`] : [];
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
  'AWS::Lambda::Function': ({ FunctionName, LoggingConfig }) => {
    const { LogGroup } = (LoggingConfig ?? {}) as { LogGroup?: unknown };
    return [LogGroup ?? `/aws/lambda/${String(FunctionName)}`];
  },
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html
  'AWS::RDS::DBCluster': (properties) =>
    listAt(properties, 'EnableCloudwatchLogsExports').map(
      (log) => `/aws/rds/cluster/${String(properties['DBClusterIdentifier'])}/${log}`,
    ),
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
  'AWS::RDS::DBInstance': (properties) => [
    ...listAt(properties, 'EnableCloudwatchLogsExports').map(
      (log) => `/aws/rds/instance/${String(properties['DBInstanceIdentifier'])}/${log}`,
    ),
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.overview.html
    ...(Number(properties['MonitoringInterval'] ?? 0) > 0 ? ['RDSOSMetrics'] : []),
  ],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
  'AWS::ApiGateway::Stage': ({ MethodSettings, RestApiId, StageName }) => {
    const settings = (MethodSettings ?? []) as { LoggingLevel?: string }[];
    const logs = settings.some(({ LoggingLevel = 'OFF' }) => LoggingLevel !== 'OFF');
    return logs ? [joined('API-Gateway-Execution-Logs_', RestApiId, `/${String(StageName)}`)] : [];
  },
  // https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
  'AWS::KinesisFirehose::DeliveryStream': ({ ExtendedS3DestinationConfiguration }) => {
    const { CloudWatchLoggingOptions: options } = ExtendedS3DestinationConfiguration as {
      CloudWatchLoggingOptions?: { Enabled: boolean; LogGroupName: unknown };
    };
    return options?.Enabled ? [options.LogGroupName] : [];
  },
  // The function that AWS writes for a hosted rotation: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
  'AWS::SecretsManager::RotationSchedule': ({ HostedRotationLambda }) => {
    const { RotationLambdaName: name } = (HostedRotationLambda ?? {}) as { RotationLambdaName?: string };
    return name === undefined ? [] : [`/aws/lambda/${name}`];
  },
};

/** The names of the log groups that the service of a resource writes to and creates if missing. */
export function logGroupsOf({ Type, Properties }: TemplateResource, id: string): readonly unknown[] {
  return serviceLogGroups[Type]?.(Properties, id) ?? [];
}
