import ipaddr from 'ipaddr.js';
import type { VariableReader } from '../variable-reader.ts';
import type { DestinationPolicy } from './destination.ts';

/** The key that seals signing secrets, and where webhooks may go. */
export interface WebhookEnvironment {
  readonly key:
    | { readonly kind: 'secret'; readonly arn: string }
    /** Local platform only. */
    | { readonly kind: 'file'; readonly path: string };
  readonly policy: DestinationPolicy;
}

/** The key is a secret or a file. `REFUSED_WEBHOOK_RANGES` are CIDR blocks with commas between them. */
export type WebhookVariable =
  'WEBHOOK_KEY_SECRET_ARN' | 'WEBHOOK_KEY_FILE' | 'LOOPBACK_WEBHOOKS' | 'REFUSED_WEBHOOK_RANGES';

/** Reads the webhook variables and reports invalid ones. Returns `undefined` without a key: the environment has no webhooks. */
export function readWebhookEnvironment(reader: VariableReader<never, WebhookVariable>): WebhookEnvironment | undefined {
  const arn = reader.optional('WEBHOOK_KEY_SECRET_ARN');
  const path = reader.optional('WEBHOOK_KEY_FILE');
  if (arn !== undefined && path !== undefined)
    reader.report(`WEBHOOK_KEY_SECRET_ARN = "${arn}" and WEBHOOK_KEY_FILE = "${path}"; leave one of them out`);
  const refusedRanges = (reader.optional('REFUSED_WEBHOOK_RANGES') ?? '').split(',').filter((range) => range !== '');
  for (const range of refusedRanges) {
    if (!ipaddr.isValidCIDR(range))
      reader.report(`REFUSED_WEBHOOK_RANGES contains "${range}"; use CIDR blocks, such as 10.0.0.0/16`);
  }
  const loopback = reader.oneOf('LOOPBACK_WEBHOOKS', ['true', 'false']) === 'true';
  if (loopback && arn !== undefined) {
    reader.report(
      'LOOPBACK_WEBHOOKS = "true" beside WEBHOOK_KEY_SECRET_ARN; leave it out: it opens the way to the task itself and is for local mode',
    );
  }
  const policy = { loopback, refusedRanges };
  if (arn !== undefined) return { key: { kind: 'secret', arn }, policy };
  return path === undefined ? undefined : { key: { kind: 'file', path }, policy };
}
