import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Problem } from '../problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The certificate that the client has proved to hold; `null` where clients have none. */
    clientCertificate: ClientCertificate | null;
  }
}

/** A client's certificate, as whoever ended its TLS connection has checked it. */
export interface ClientCertificate {
  /** Its distinguished name. */
  readonly subject: string;
  readonly serial: string | undefined;
}

/** Whether requests come through an API Gateway that demands client certificates, and tells of them in headers that no client can set. */
export type ClientCertificates = 'required' | 'ignored';

const maxSubjectLength = 1024;

/**
 * Lets requests in with a client certificate only, and each merchant with the one subject that it is bound to: by its first request, or
 * by an operator before. A stolen API key is then of no use without its holder's certificate.
 *
 * Where certificates are ignored the headers are as well: anybody could have written them.
 */
export function checkClientCertificates(app: FastifyInstance, pool: Pool, certificates: ClientCertificates): void {
  app.decorateRequest('clientCertificate', null);
  if (certificates === 'ignored') return;
  app.addHook('onRequest', async (request) => {
    if (isProbe(request)) return;
    request.clientCertificate = certificateOf(request);
  });
  app.addHook('preValidation', async ({ principal, clientCertificate, log }) => {
    if (!principal || !clientCertificate) return;
    const { merchantId } = principal;
    const bound = await boundSubject(pool, merchantId, clientCertificate.subject);
    if (bound.isNew) log.warn({ merchantId, clientSubject: bound.subject }, 'merchant bound to a client certificate');
    if (bound.subject !== clientCertificate.subject) {
      log.warn(
        { merchantId, clientSubject: clientCertificate.subject },
        'API key sent with the client certificate of another subject',
      );
      throw new Problem('certificate-mismatch', 'The API key is bound to another client certificate.');
    }
  });
}

/** The load balancer asks for these by itself. */
function isProbe({ url }: FastifyRequest): boolean {
  return url === '/health' || url === '/ready';
}

function certificateOf({ headers }: FastifyRequest): ClientCertificate {
  const { 'x-client-subject': subject, 'x-client-serial': serial } = headers;
  if (typeof subject !== 'string' || subject === '' || subject.length > maxSubjectLength) {
    throw new Problem('unauthenticated', 'This API requires mutual TLS. Connect with a client certificate.');
  }
  return { subject, serial: typeof serial === 'string' ? serial : undefined };
}

async function boundSubject(pool: Pool, merchantId: string, presented: string) {
  const { rows } = await pool.query<{ subject: string; isNew: boolean }>(
    'SELECT subject, is_new AS "isNew" FROM payments.bind_client_certificate($1, $2)',
    [merchantId, presented],
  );
  const [bound] = rows;
  if (!bound) throw new Error(`Merchant ${merchantId} could not be bound to a client certificate.`);
  return bound;
}
