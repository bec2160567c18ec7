import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { maxSizeBytes } from '../documents/document.ts';
import { isLoopback } from '../loopback.ts';
import { checksumHeader } from '../documents/directory-document-store.ts';
import type { DocumentDirectory } from '../documents/document-directory.ts';
import { isSigned } from '../documents/signed-address.ts';

const accessDenied = 'AccessDenied: the signature does not match the request, or the request has expired.';

interface DocumentRoute {
  Params: { '*': string };
  Querystring: Record<string, string | undefined>;
}

/**
 * Does on a laptop what the bucket does in AWS: takes and gives documents to whoever brings a signed request, on an address of its own.
 *
 * As with S3, a request that is not as it was signed, or too late, is answered with 403; content without its checksum with 400, and not kept.
 */
export async function buildDocumentServer(directory: DocumentDirectory, now = Date.now): Promise<FastifyInstance> {
  const server = Fastify({ bodyLimit: maxSizeBytes, forceCloseConnections: true });
  // Passed on unread: an upload goes to disk as it comes.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });

  /** The key of a request that is as it was signed. */
  const admitted = (request: FastifyRequest<DocumentRoute>, values: Record<string, string>): string | undefined => {
    const { params, query, method } = request;
    const key = params['*'];
    const expires = Number(query['expires']);
    const fields = { method, key, expires, values };
    return isSigned(directory.secret, fields, query['signature'] ?? '') && now() < expires * 1000 ? key : undefined;
  };
  const refuse = (reply: FastifyReply, status: number, reason: string) =>
    reply.code(status).type('text/plain').send(`${reason}\n`);

  server.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    // The console is another origin, as it is to a bucket; the signature is the authority, and no cookie is sent along.
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
    const key = admitted(request, values);
    if (key === undefined) return refuse(reply, 403, accessDenied);
    const sha256 = Buffer.from(String(request.headers[checksumHeader]), 'base64').toString('hex');
    const kept = await directory.keep(key, request.body as Readable, sha256);
    return kept ? reply.code(200).send() : refuse(reply, 400, 'BadDigest: the content does not match the checksum.');
  });

  server.get<DocumentRoute>('/*', async (request, reply) => {
    const { 'content-type': type = '', 'content-disposition': disposition = '' } = request.query;
    const key = admitted(request, { 'content-type': type, 'content-disposition': disposition });
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
