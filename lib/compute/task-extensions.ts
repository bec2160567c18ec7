import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ServiceEnvironment } from '../../app/src/environment.ts' with { 'resolution-mode': 'import' };
import { hasMutualTls, type PlatformSettings } from '../config/platform-settings';
import type { IPaymentQueue } from './payment-queue/payment-queue';
import type { TraceCollector } from './trace-collector/trace-collector';

/** Environment variables of optional features. */
type ExtensionVariable =
  | 'ACQUIRER_URL'
  | 'AUTHORIZATION_DAYS'
  | 'CLIENT_CERTIFICATES'
  | 'EVENT_QUEUE_URL'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET_ARN'
  | 'OIDC_ISSUER'
  | 'OIDC_MERCHANT_CLAIM'
  | 'OIDC_REDIRECT_BASE'
  | 'OIDC_ROLE_CLAIM'
  | 'OIDC_SIGN_OUT_PARAMETER'
  | 'REFUSED_WEBHOOK_RANGES'
  | 'STRIPE_KEY_SECRET_ARN'
  | 'TRACING'
  | 'TRACING_SAMPLE_PERCENT'
  | 'TRACING_SAMPLING_PORT'
  | 'WEBHOOK_KEY_SECRET_ARN';

/** Additions of an optional feature to the API task. */
export interface TaskExtension {
  /** Environment variables of the API container. */
  readonly environment: Partial<Pick<ServiceEnvironment, ExtensionVariable>>;
  /** Grants permissions to the task role. @default - none */
  readonly grantTo?: (taskRole: IGrantable) => void;
  /** Adds sidecar containers to the task. @default - none */
  readonly addTo?: (task: FargateTaskDefinition, logGroup: ILogGroup) => void;
}

/** The task extensions of a profile. */
export function taskExtensions(
  settings: PlatformSettings,
  {
    acquirer,
    signIn,
    webhookKey,
    queue,
    collector,
  }: {
    readonly acquirer: TaskExtension;
    readonly signIn: TaskExtension | undefined;
    readonly webhookKey: ISecret;
    readonly queue: IPaymentQueue | undefined;
    readonly collector: TraceCollector | undefined;
  },
): readonly TaskExtension[] {
  const extensions: (TaskExtension | undefined)[] = [
    acquirer,
    signIn,
    // The consumer of queued payments has no use for it: only the tasks look for expired authorizations.
    { environment: { AUTHORIZATION_DAYS: String(settings.profile.acquirer.authorizationDays) } },
    {
      environment: {
        WEBHOOK_KEY_SECRET_ARN: webhookKey.secretArn,
        // Public addresses can be assigned to a VPC, too.
        REFUSED_WEBHOOK_RANGES: settings.profile.network.cidr,
      },
      grantTo: (taskRole) => {
        webhookKey.grantRead(taskRole);
      },
    },
    hasMutualTls(settings) ? { environment: { CLIENT_CERTIFICATES: 'required' } } : undefined,
    queue && {
      environment: { EVENT_QUEUE_URL: queue.queue.queueUrl },
      grantTo: (taskRole) => {
        queue.grantSend(taskRole);
      },
    },
    collector && {
      environment: collector.environment,
      addTo: (task, logGroup) => {
        collector.addTo(task, logGroup);
      },
    },
  ];
  return extensions.filter((extension) => extension !== undefined);
}
