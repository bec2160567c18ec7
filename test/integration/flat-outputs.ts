import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The outputs file of `npm run deploy`, or the path in FLAT_OUTPUTS. */
const flatOutputsPath = process.env['FLAT_OUTPUTS'] ?? join(__dirname, '..', '..', 'cfn-outputs', 'flat-outputs.json');

const count = z.string().regex(/^\d+$/, 'expected a whole number').transform(Number);
const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

const schema = z.object({
  NetworkStackName: z.string(),
  NetworkRegion: z.string(),
  DataStackName: z.string(),
  DataRegion: z.string(),
  DataDatabaseDeletionProtection: yesOrNo,
  /** With a restore drill. */
  DataRestoreDrillStateMachineArn: z.string().optional(),
  ComputeStackName: z.string(),
  ComputeRegion: z.string(),
  ComputeLoadBalancerDnsName: z.string(),
  ComputeLoadBalancerAdmitsEverybody: yesOrNo,
  ComputeMinTasks: count,
  // With asynchronous payments.
  ComputePaymentQueueUrl: z.url().optional(),
  ComputePaymentDeadLetterQueueUrl: z.url().optional(),
  EdgeStackName: z.string(),
  EdgeRegion: z.string(),
  EdgeUrl: z.url(),
  EdgeAlarmTopicArn: z.string(),
  /** With an API Gateway. */
  EdgeApiKeyId: z.string().optional(),
  EdgeApiKeyRequestsPerMinute: count.optional(),
  // With documents.
  ReplicaStackName: z.string().optional(),
  ReplicaRegion: z.string().optional(),
  ReplicaAlarmTopicArn: z.string().optional(),
  ObservabilityStackName: z.string(),
  ObservabilityRegion: z.string(),
  ObservabilityAlarmTopicArn: z.string(),
  ObservabilityLogRetentionDays: count,
  // With an archive of the application logs.
  ObservabilityLogArchiveBucketName: z.string().optional(),
  ObservabilityLogArchiveDays: count.optional(),
});

/** The outputs of a deployment, as `npm run deploy` writes them. */
export type FlatOutputs = z.infer<typeof schema>;

/**
 * Reads the outputs of the last deployment.
 *
 * @throws one sentence with the remedy when there are none, or when they are of another version of the platform
 */
export function readFlatOutputs(path = flatOutputsPath): FlatOutputs {
  const remedy = 'deploy with `npm run deploy -- -c environmentSuffix=pr123`, which writes it.';
  if (!existsSync(path)) throw new Error(`There is no ${path}; ${remedy}`);
  const result = schema.safeParse(parsed(readFileSync(path, 'utf8')));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(', ');
  throw new Error(`${path} is not what this version of the platform writes (${problems}); ${remedy}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
