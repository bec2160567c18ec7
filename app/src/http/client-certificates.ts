import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Problem } from '../problems.ts';
import { isProbe } from './probes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client certificate of mutual TLS; `null` where certificates are ignored. */
    clientCertificate: ClientCertificate | null;
  }
}

/** A client certificate that the API Gateway has verified. */
export interface ClientCertificate {
  /** The distinguished name of the subject. */
  readonly subject: string;
  readonly serial: string | undefined;
}

/** `required`: requests come through an API Gateway with mutual TLS, which sets the certificate headers itself. */
export type ClientCertificates = 'required' | 'ignored';

const maxSubjectLength = 1024;

/**
 * Rejects requests without a client certificate, and binds each merchant to one subject: that of its first request, or one that an operator
 * has set. A stolen API key is then useless without the certificate.
 *
 * If certificates are ignored, so are the headers, because clients could set them.
 */
export function checkClientCertificates(app: FastifyInstance, pool: Pool, certificates: ClientCertificates): void {
  app.decorateRequest('clientCertificate', null);
  if (certificates === 'ignored') return;
  app.addHook('onRequest', async (request) => {
    // Health checks of the load balancer carry no certificate.
    if (isProbe(request.url)) return;
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
