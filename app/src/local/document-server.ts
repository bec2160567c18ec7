import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { maxSizeBytes } from '../documents/document.ts';
import { isLoopback } from '../loopback.ts';
import { checksumHeader } from '../documents/directory-document-store.ts';
import type { DocumentDirectory } from '../documents/document-directory.ts';
import { isValidSignature } from '../documents/request-signature.ts';

const accessDenied = 'AccessDenied: the signature does not match the request, or the request has expired.';

interface DocumentRoute {
  Params: { '*': string };
  Querystring: Record<string, string | undefined>;
}

/**
 * The local counterpart of the S3 bucket: stores and returns documents for presigned requests, on its own origin.
 *
 * Like S3, it returns 403 for an invalid or expired signature, and 400 for content that does not match its checksum.
 */
export async function buildDocumentServer(directory: DocumentDirectory, now = Date.now): Promise<FastifyInstance> {
  const server = Fastify({ bodyLimit: maxSizeBytes, forceCloseConnections: true });
  // No parsing: uploads are streamed to disk.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });

  /** The object key of a request with a valid signature; `undefined` otherwise. */
  const signedKey = (request: FastifyRequest<DocumentRoute>, values: Record<string, string>): string | undefined => {
    const { params, query, method } = request;
    const key = params['*'];
    const expires = Number(query['expires']);
    const fields = { method, key, expires, values };
    return isValidSignature(directory.secret, fields, query['signature'] ?? '') && now() < expires * 1000
      ? key
      : undefined;
  };
  const refuse = (reply: FastifyReply, status: number, reason: string) =>
    reply.code(status).type('text/plain').send(`${reason}\n`);

  server.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    // CORS, as for the bucket: the console is another origin. The signature authorizes the request, and no cookie is sent.
    if (origin === undefined || !URL.canParse(origin) || !isLoopback(new URL(origin).hostname)) return;
    void reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
  });
  server.options('/*', (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': `content-type, ${checksumHeader}`,
      })
      .code(204)
      .send(),
  );

  server.put<DocumentRoute>('/*', async (request, reply) => {
    const names = ['content-type', 'content-length', checksumHeader] as const;
    const values = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
    const key = signedKey(request, values);
    if (key === undefined) return refuse(reply, 403, accessDenied);
    const sha256 = Buffer.from(String(request.headers[checksumHeader]), 'base64').toString('hex');
    const stored = await directory.store(key, request.body as Readable, sha256);
    return stored ? reply.code(200).send() : refuse(reply, 400, 'BadDigest: the content does not match the checksum.');
  });

  server.get<DocumentRoute>('/*', async (request, reply) => {
    const { 'content-type': type = '', 'content-disposition': disposition = '' } = request.query;
    const key = signedKey(request, { 'content-type': type, 'content-disposition': disposition });
    if (key === undefined) return refuse(reply, 403, accessDenied);
    const found = await directory.find(key);
    if (!found) return refuse(reply, 404, 'NoSuchKey: the key does not exist.');
    return reply
      .headers({
        'content-type': type,
        'content-disposition': disposition,
        'content-length': found.sizeBytes,
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      })
      .send(createReadStream(found.path));
  });
  return server;
}
