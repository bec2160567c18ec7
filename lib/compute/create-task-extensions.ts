import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ServiceEnvironment } from '../../app/src/environment.ts' with { 'resolution-mode': 'import' };
import { hasMutualTls, type PlatformSettings } from '../config/platform-settings';
import type { IPaymentQueue } from './payment-queue/payment-queue';
import type { TraceCollector } from './trace-collector/trace-collector';

/** The variables that tell the API of parts which one profile has and another has not. */
type PartVariable =
  'CLIENT_CERTIFICATES' | 'EVENT_QUEUE_URL' | 'TRACING' | 'TRACING_SAMPLE_PERCENT' | 'TRACING_SAMPLING_PORT';

/** A part that a profile may have, as the API uses it. */
export interface ApiPart {
  /** What the API is told of it. */
  readonly environment: Partial<Pick<ServiceEnvironment, PartVariable>>;
  /** Lets the API use it. @default - nothing is granted */
  readonly grantTo?: (taskRole: IGrantable) => void;
  /** Puts what it needs beside the API into the task. @default - nothing */
  readonly addTo?: (task: FargateTaskDefinition, logGroup: ILogGroup) => void;
}

/** What the API of this platform has that another's has not. */
export function createApiParts(
  settings: PlatformSettings,
  { queue, collector }: { readonly queue: IPaymentQueue | undefined; readonly collector: TraceCollector | undefined },
): readonly ApiPart[] {
  const parts: (ApiPart | undefined)[] = [
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
  return parts.filter((part) => part !== undefined);
}
