import { CfnOutput } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { alarmArn, type AlarmDefinition, createAlarm } from '../constructs/alarm-definition';
import { AlarmNotifications } from '../constructs/alarm-notifications';
import { apiRepositoryName } from '../core/api-repository';
import { createHostedZone } from '../constructs/create-hosted-zone';
import { PlatformStack, type PlatformStackProps } from '../core/platform-stack';
import { ResourceNames } from '../core/resource-names';
import type { DataResources } from '../data/data-resources';
import { createIngress } from '../ingress/create-ingress';
import { type NetworkResources, vpcConfigOfAwsFunctions } from '../network/network-resources';
import { AccessLogForwarding } from './access-log-forwarding/access-log-forwarding';
import { ApiDomain } from './api-domain';
import type {
  ApplicationLogs,
  ComputeResources,
  OriginResources,
  QueueMetrics,
  ServiceMetrics,
} from './compute-resources';
import { taskExtensions } from './task-extensions';
import { createAcquirer } from './acquirer/create-acquirer';
import { createImage } from './create-image';
import { createDeployment } from './deployment/create-deployment';
import { FirstApiKey } from './first-api-key';
import { JustInTimeSynthesizer } from './just-in-time-synthesizer';
import { LoadBalancer } from './load-balancer';
import { SchemaMigration } from './migrations/schema-migration';
import { PaymentConsumer } from './payment-queue/payment-consumer';
import { PaymentQueue } from './payment-queue/payment-queue';
import { refusedRequests } from './refused-requests';
import { createSignIn } from './sign-in/create-sign-in';
import { ServiceCluster } from './service-cluster';
import { TraceCollector } from './trace-collector/trace-collector';
import { PaymentsService } from './payments-service';
import { StoredKey } from './stored-key';

export interface ComputeStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
  readonly data: DataResources;
}

/** The third tier: the API service, its load balancer and its deployment. */
export class ComputeStack extends PlatformStack implements ComputeResources {
  readonly origin: OriginResources;
  readonly metrics: ServiceMetrics;
  readonly canaryKey: ISecret | undefined;
  readonly applicationLogs: ApplicationLogs;
  readonly queueMetrics: QueueMetrics | undefined;
  readonly alarms: readonly AlarmDefinition[];
  readonly alarmArns: readonly string[];
  readonly rollbackAlarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: ComputeStackProps) {
    const { network, data, settings } = props;
    const { profile, environmentSuffix } = settings;
    super(scope, id, props, {
      tier: 'compute',
      description: 'Payment platform: API service, load balancer, deployment',
      functionVpcConfig: vpcConfigOfAwsFunctions(props.network),
      // The CLI pushes the image to the repository of the data stack, which must exist before the build.
      synthesizer: new JustInTimeSynthesizer({
        imageAssetsRepositoryName: apiRepositoryName(new ResourceNames(profile.naming, environmentSuffix)),
      }),
    });
    const { names } = this;

    const listenerAccess = createIngress(profile).bindToListener(this, { names, secretsKey: data.secretsKey });
    const domain =
      settings.domain &&
      new ApiDomain(this, 'Domain', {
        domainName: settings.domain.domainName,
        hostLabel: listenerAccess.hostLabel,
        zone: createHostedZone(this, 'Zone', settings.domain, names),
        certificateArn: settings.certificateArn,
      });
    const loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      names,
      network,
      domain,
      listenerAccess,
      healthCheck: profile.service.healthCheck,
      logRetentionDays: profile.observability.logRetentionDays,
    });
    const cluster = new ServiceCluster(this, 'Cluster', { clusterName: names.of('cluster'), vpc: network.vpc });
    const { image, version } = createImage(this, 'Image', settings.image);
    const apiKey = new FirstApiKey(this, 'FirstApiKey', {
      names,
      network,
      data,
      rotationDays: profile.apiKeyRotationDays,
    });
    const operatorKey = new StoredKey(this, 'OperatorKey', { names, data, key: 'operator' });
    const canaryKey = profile.canary && new StoredKey(this, 'CanaryKey', { names, data, key: 'canary' }).secret;
    this.canaryKey = canaryKey;
    const migration = new SchemaMigration(this, 'Migration', {
      names,
      network,
      data,
      keys: { apiKey: apiKey.secret, operatorKey: operatorKey.secret, canaryKey },
      cluster,
      image,
      size: profile.service,
    });
    const webhookKey = new StoredKey(this, 'WebhookKey', { names, data, key: 'webhook' });
    const queue =
      profile.paymentQueue &&
      new PaymentQueue(this, 'PaymentQueue', {
        names,
        maxReceiveCount: profile.paymentQueue.maxReceiveCount,
        consumerTimeout: PaymentConsumer.timeout,
      });
    const signIn = createSignIn(this, 'SignIn', settings, { names, data });
    const acquirer = createAcquirer(this, 'Acquirer', profile.acquirer, { names, data });
    const consumer = queue && new PaymentConsumer(this, 'PaymentConsumer', { names, network, data, queue, acquirer });
    // The code of the consumer may need the new schema, and must support the messages of the new tasks.
    consumer?.node.addDependency(migration);
    const { tracing } = profile.observability;
    const collector =
      tracing &&
      new TraceCollector(this, 'TraceCollector', { samplingPercent: tracing.samplingPercent, apiVersion: version });
    const deployment = createDeployment(this, 'Deployment', profile.deployment, { names, migration });
    const api = new PaymentsService(this, 'Api', {
      names,
      network,
      data,
      cluster,
      image,
      loadBalancer,
      deployment,
      config: profile.service,
      errorRatePercent: profile.observability.errorRatePercent,
      extensions: taskExtensions(settings, { acquirer, signIn, webhookKey: webhookKey.secret, queue, collector }),
    });
    const { rollbackAlarms, running } = deployment.attach({
      service: api.service,
      serviceName: api.serviceName,
      task: api.task,
      loadBalancer,
      metrics: api.metrics,
      initialTaskCount: profile.service.minTasks,
      after: consumer ? [migration, consumer] : [migration],
    });
    api.scaleAfter(running);

    this.origin = {
      host: domain?.host ?? loadBalancer.loadBalancer.loadBalancerDnsName,
      protocol: domain ? 'https' : 'http',
      secretHeader: listenerAccess.secretHeader,
      isPublic: listenerAccess.isInternetFacing && !listenerAccess.secretHeader,
      loadBalancerArn: loadBalancer.loadBalancer.loadBalancerArn,
    };
    this.metrics = api.metrics;
    this.queueMetrics = queue?.metrics;
    this.applicationLogs = {
      api: api.logGroupName,
      migration: migration.logGroupName,
      ...(consumer && { 'payment-consumer': consumer.logGroupName }),
    };
    const forwarding = profile.observability.loadBalancerLogsInCloudWatch
      ? new AccessLogForwarding(this, 'AccessLogForwarding', { names, bucket: loadBalancer.accessLogs })
      : undefined;

    this.alarms = [
      ...api.alarms,
      ...apiKey.alarms,
      ...(listenerAccess.secretHeader ? [refusedRequests(loadBalancer.fullName)] : []),
      ...[queue, consumer, forwarding].flatMap((part) => part?.alarms ?? []),
    ];
    this.rollbackAlarms = rollbackAlarms;
    this.alarmArns = (domain?.alarms ?? []).map((alarm) => {
      createAlarm(this, alarm, names, AlarmNotifications.homeAction(this, names));
      return alarmArn(this, alarm, names);
    });
    new CfnOutput(this, 'LoadBalancerDnsName', { value: loadBalancer.loadBalancer.loadBalancerDnsName });
    new CfnOutput(this, 'LoadBalancerAdmitsEverybody', {
      value: String(this.origin.isPublic),
    });
    if (queue) {
      new CfnOutput(this, 'PaymentQueueUrl', { value: queue.queue.queueUrl });
      new CfnOutput(this, 'PaymentDeadLetterQueueUrl', { value: queue.deadLetters.queueUrl });
    }
    new CfnOutput(this, 'MinTasks', { value: String(profile.service.minTasks) });
  }
}
