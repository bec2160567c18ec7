import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'the secret of a test',
  sessionToken: 'a token',
};
export const region = 'eu-south-2';

interface S3Object {
  readonly content: Buffer;
  readonly sha256: string;
}

/** A fake S3 endpoint. It verifies signatures by the AWS documentation, without the SDK. */
export interface S3Endpoint {
  readonly url: string;
  readonly objects: Map<string, S3Object>;
  /** Makes HEAD requests return this status, until it is set to `undefined`. */
  failWith(status: number | undefined): void;
  close(): Promise<void>;
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest();
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * Computes the signature of the received request.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
function expectedSignature({ method = '', url = '', headers }: IncomingMessage): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  const signedHeaders = parameters.get('X-Amz-SignedHeaders') ?? '';
  const canonicalQuery = query
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='))
    .sort()
    .join('&');
  const canonicalHeaders = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
    .join('');
  const payload = parameters.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  const canonical = [method, path, canonicalQuery, canonicalHeaders, signedHeaders, payload].join('\n');
  const time = parameters.get('X-Amz-Date') ?? '';
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const key = scope.reduce<string | Buffer>((each, part) => hmac(each, part), `AWS4${credentials.secretAccessKey}`);
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical).toString('hex')].join('\n');
  return hmac(key, text).toString('hex');
}

/** Starts the endpoint on a free port. */
export async function startS3Endpoint(): Promise<S3Endpoint> {
  const objects = new Map<string, S3Object>();
  let failure: number | undefined;
  const end = (response: ServerResponse, status: number, body: string | Buffer = '') => {
    response.writeHead(status).end(body);
  };
  const head = (path: string, response: ServerResponse) => {
    const found = objects.get(path);
    if (failure !== undefined || !found) {
      end(response, failure ?? 404);
      return;
    }
    response.writeHead(200, {
      'content-length': found.content.length,
      'last-modified': 'Tue, 31 Mar 2026 12:00:00 GMT',
      'x-amz-checksum-sha256': found.sha256,
    });
    response.end();
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '', headers } = request;
    const path = url.split('?')[0] ?? '';
    const content = await buffer(request);
    if (method === 'HEAD') {
      head(path, response);
      return;
    }
    const signature = new URL(url, 'http://s3').searchParams.get('X-Amz-Signature');
    if (signature !== expectedSignature(request)) {
      end(response, 403, 'SignatureDoesNotMatch');
      return;
    }
    if (method === 'GET') {
      const found = objects.get(path);
      end(response, found ? 200 : 404, found?.content);
      return;
    }
    const checksum = String(headers['x-amz-checksum-sha256']);
    const good = sha256(content).toString('base64') === checksum;
    if (good) objects.set(path, { content, sha256: checksum });
    end(response, good ? 200 : 400, good ? '' : 'BadDigest');
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    failWith(status) {
      failure = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
