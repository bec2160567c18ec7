import { get } from 'node:https';
import { connect } from 'node:tls';
import type { ProbeTarget } from './probe-targets';

/** A healthy response takes milliseconds. Clients typically time out after ten seconds. */
const timeoutMilliseconds = Number(process.env['TIMEOUT_MILLISECONDS'] ?? 10_000);

/** AWS's managed rules block requests without a User-Agent. */
const headers = { 'user-agent': 'payment-platform-availability-probe' };

/**
 * Sends one request to each URL over public DNS and verifies the certificate.
 *
 * @throws Error with every failed URL, so that the metric Errors of the function counts the run
 */
export async function handler(): Promise<void> {
  const targets = JSON.parse(process.env['TARGETS'] ?? '[]') as readonly ProbeTarget[];
  const results = await Promise.allSettled(targets.map(probe));
  const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => messageOf(reason));
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

async function probe({ url, expected }: ProbeTarget): Promise<void> {
  try {
    if (expected === 'tls-only') {
      await handshake(new URL(url));
      return;
    }
    const status = await statusOf(url);
    if (status !== expected) throw new Error(`status ${status} instead of ${expected}`);
  } catch (error) {
    throw new Error(`GET ${url}: ${messageOf(error)}`, { cause: error });
  }
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without an agent, each probe opens a new connection and verifies the certificate.
    const request = get(url, { agent: false, headers, timeout: timeoutMilliseconds }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no response within ${timeoutMilliseconds} ms`)));
    request.on('error', reject);
  });
}

/**
 * Succeeds if a server with a valid certificate responds, even if it requires a client certificate.
 *
 * With TLS 1.3, the server certificate is verified before the server requests the client's. With TLS 1.2, the server ends the handshake
 * with an alert first, so only its presence is checked; the expiry of the certificate has its own alarm.
 */
function handshake({ hostname, port }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, servername: hostname, port: Number(port || 443) });
    socket.setTimeout(timeoutMilliseconds, () => {
      socket.destroy(new Error(`no handshake within ${timeoutMilliseconds} ms`));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (/^ERR_SSL_.*ALERT/.test(error.code ?? '')) resolve();
      else reject(error);
    });
    socket.on('secureConnect', () => {
      socket.end();
      resolve();
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
