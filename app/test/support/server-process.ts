import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type StartedProcess, startEntryPoint } from './child-process.ts';
import type { TestDatabase } from './database.ts';

/** The environment that `server.ts` needs to reach this database, on loopback and with TLS. It is void when the test ends. */
export function serverEnvironment(database: TestDatabase): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'server-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, 'api\n', { mode: 0o600 });
  return {
    ENVIRONMENT_NAME: 'test',
    BIND_ADDRESS: '127.0.0.1',
    PORT: '0',
    TLS: 'self-signed',
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: 'payments_api',
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
  };
}

/** Starts the API as a process of its own and waits until it listens. */
export async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ process: StartedProcess; url: string }> {
  const process = startEntryPoint('server', environment);
  return { process, url: await listeningAddress(process) };
}

/** Where the process says that it listens. */
export async function listeningAddress(process: StartedProcess): Promise<string> {
  const { address } = JSON.parse(await process.line('"listening"')) as { address: string };
  return address;
}

/** An answer that came over HTTPS. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is asked for. */
export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

const keptConnections = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** Asks as the load balancer does: over TLS, without checking who signed the certificate, on a connection that is kept. */
export async function ask(url: string, { method = 'GET', headers = {}, payload }: Question = {}): Promise<Answer> {
  const body = payload === undefined ? undefined : JSON.stringify(payload);
  const outgoing = request(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    agent: keptConnections,
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { statusCode: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
