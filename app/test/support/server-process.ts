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

/** The environment of `server.ts` for this database, on loopback with TLS. Its password file is removed after the test. */
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

/** Starts the API as a process and waits until it listens. */
export async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ process: StartedProcess; url: string }> {
  const process = startEntryPoint('server', environment);
  return { process, url: await listeningAddress(process) };
}

/** Returns the URL in the log line `listening`. */
export async function listeningAddress(process: StartedProcess): Promise<string> {
  const { address } = JSON.parse(await process.line('"listening"')) as { address: string };
  return address;
}

/** An HTTPS response. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTPS request. */
export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

const keptConnections = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** Sends a request like the load balancer: over TLS without validating the certificate, on a keep-alive connection. */
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
