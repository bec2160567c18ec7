import { get } from 'node:https';
import { connect } from 'node:tls';
import type { ProbeTarget } from './probe-targets';

/** A healthy answer takes milliseconds; clients give up after about ten seconds. */
const timeoutMilliseconds = Number(process.env['TIMEOUT_MILLISECONDS'] ?? 10_000);

/** AWS's managed rules for web ACLs block requests without a User-Agent. */
const headers = { 'user-agent': 'payment-platform-availability-probe' };

/**
 * Sends one request to each address, as a client would: over public DNS, with the certificate checked.
 *
 * @throws with every address that failed, so that the function's metric Errors counts the run
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
    if (status !== expected) throw new Error(`answered ${status}, not ${expected}`);
  } catch (error) {
    throw new Error(`GET ${url}: ${messageOf(error)}`, { cause: error });
  }
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without an agent each probe opens a connection, and checks the certificate anew.
    const request = get(url, { agent: false, headers, timeout: timeoutMilliseconds }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMilliseconds} ms`)));
    request.on('error', reject);
  });
}

/**
 * Succeeds where a server with a valid certificate answers, although it accepts no client without one.
 *
 * With TLS 1.3 the server's certificate is verified before the server looks for the client's. With TLS 1.2 the server ends the handshake
 * first, so its alert is all there is to see; the expiry of the certificate has an alarm of its own.
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
