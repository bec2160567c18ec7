import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A webhook as the receiver has received it. */
export interface ReceivedWebhook {
  readonly path: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: { readonly paymentId?: string } };
  /** Whether the verifier of `standardwebhooks` accepts the signature with each secret. */
  readonly verified: readonly boolean[];
  readonly status: number;
}

/** A receiver of webhooks, as a process. */
export interface WebhookReceiver {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Sets the secrets with which it verifies the following webhooks. */
  verifyWith(...secrets: readonly string[]): Promise<void>;
  /** What it has received at paths that begin so, in order. */
  received(path: string): Promise<ReceivedWebhook[]>;
  stop(): Promise<void>;
}

/** Starts a receiver. Its behaviour depends on the path of the webhook, see receiver.ts. */
export async function startReceiver(port = 0): Promise<WebhookReceiver> {
  const program = fileURLToPath(new URL('receiver.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    async verifyWith(...secrets) {
      await fetch(`${url}/secrets`, { method: 'PUT', body: JSON.stringify(secrets) });
    },
    async received(path) {
      const all = (await (await fetch(`${url}/received`)).json()) as ReceivedWebhook[];
      return all.filter((each) => each.path === path);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
