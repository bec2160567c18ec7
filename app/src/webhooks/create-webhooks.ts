import { readFileSync } from 'node:fs';
import { readSecret } from '../secrets/secret-reader.ts';
import type { DestinationPolicy } from './destination.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import type { WebhookEnvironment } from './webhook-environment.ts';

/** What sending and administering webhooks have in common. */
export interface Webhooks {
  readonly secrets: SecretBox;
  readonly policy: DestinationPolicy;
}

/** Reads the key; `undefined` in an environment without webhooks. @throws when the key cannot be read or is short */
export async function createWebhooks(environment: WebhookEnvironment | undefined): Promise<Webhooks | undefined> {
  if (!environment) return undefined;
  const { key, policy } = environment;
  const text = key.kind === 'secret' ? await readSecret(key.arn) : readFileSync(key.path, 'utf8');
  return { secrets: new SecretBox(text.trim(), 'webhook signing secrets'), policy };
}
