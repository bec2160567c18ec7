import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { type Clause, whenItListens, whenItServes } from '../clause.ts';
import { ask } from '../client.ts';
import { failed, notCheckable, passed } from '../verdict.ts';

const patienceMilliseconds = 5_000;

function addressOf(url: URL): { host: string; port: number } {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) };
}

/** Returns the negotiated TLS version and the server's public key as PEM. @throws Error when the handshake fails */
async function handshake(url: URL, options: ConnectionOptions = {}): Promise<{ protocol: string; publicKey: string }> {
  const socket = connect({ ...addressOf(url), rejectUnauthorized: false, ...options });
  socket.setTimeout(patienceMilliseconds, () => socket.destroy(new Error('no TLS handshake')));
  try {
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    return {
      protocol: socket.getProtocol() ?? 'none',
      publicKey: certificate?.publicKey.export({ type: 'spki', format: 'pem' }).toString() ?? '',
    };
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

/**
 * Returns the response to a plain HTTP request; empty when the connection closes without one.
 *
 * @throws Error when the connection fails
 */
async function askPlainly(url: URL): Promise<string> {
  const socket = connectPlain(addressOf(url));
  socket.setTimeout(patienceMilliseconds, () => socket.destroy());
  let received = '';
  await once(socket, 'connect');
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  // The server may reset the connection.
  await once(socket, 'close').catch(() => undefined);
  return received;
}

export const connections: readonly Clause[] = [
  {
    clause: 4,
    title: 'Answers over HTTPS, with TLS 1.2 or newer only',
    check: whenItListens(async ({ url }) => {
      const expected = 'a handshake with TLS 1.2 or newer, and none with TLS 1.1 or older';
      await ask(url);
      const { protocol } = await handshake(url, { minVersion: 'TLSv1.2' });
      try {
        // The default security level of OpenSSL has no cipher for these versions.
        const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
        return failed(expected, `a handshake with ${(await handshake(url, old)).protocol}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE')
          return notCheckable('this Node.js cannot offer TLS 1.1');
        return passed(protocol);
      }
    }),
  },
  {
    clause: 5,
    title: 'Makes its certificate itself, with a new key at each start',
    check: whenItServes(async (started) => {
      const second = await started.another();
      try {
        if (second.silence !== undefined) return failed('a second process beside the first', second.silence);
        const keys = await Promise.all([started.url, second.url].map((url) => handshake(url)));
        return keys[0]?.publicKey === keys[1]?.publicKey
          ? failed('another public key from a second process', 'the same one')
          : passed();
      } finally {
        await second.process.kill();
      }
    }),
  },
  {
    clause: 6,
    title: 'Serves nothing over plain HTTP',
    check: whenItListens(async ({ url }) => {
      const received = await askPlainly(url);
      const status = Number(/^HTTP\/\d\.\d (\d{3})/.exec(received)?.[1] ?? 400);
      return status >= 400 ? passed() : failed('a closed connection or a 4xx', received.split('\r\n')[0] ?? '');
    }),
  },
];
