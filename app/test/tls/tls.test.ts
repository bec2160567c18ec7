import { X509Certificate } from 'node:crypto';
import tls, { type SecureVersion } from 'node:tls';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { SimulatedAcquirer } from '../../src/acquirer/simulator.ts';
import { buildApp } from '../../src/app.ts';
import { PaymentService } from '../../src/payments/payment-service.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { type KeyPair, selfSignedCertificate } from '../../src/tls/self-signed.ts';

const day = 24 * 3600 * 1000;

describe('the certificate', () => {
  let pair: KeyPair;
  let certificate: X509Certificate;
  beforeAll(async () => {
    pair = await selfSignedCertificate();
    certificate = new X509Certificate(pair.cert);
  });

  test('matches its elliptic-curve key', () => {
    const key = certificate.publicKey;
    expect(key.asymmetricKeyType).toBe('ec');
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.verify(key)).toBe(true);
    expect(() => tls.createSecureContext(pair)).not.toThrow();
  });

  test('has the name of the API', () => {
    expect(certificate.subject).toBe('CN=payments-api');
    expect(certificate.subjectAltName).toBe('DNS:payments-api');
  });

  test('is valid for a year from now', () => {
    const now = Date.now();
    expect(new Date(certificate.validFrom).getTime()).toBeLessThanOrEqual(now);
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(now + 364 * day);
    expect(new Date(certificate.validTo).getTime()).toBeLessThan(now + 366 * day);
  });

  test('is new at each start, with a new key', async () => {
    const other = await selfSignedCertificate();
    expect(new X509Certificate(other.cert).serialNumber).not.toBe(certificate.serialNumber);
    expect(other.key).not.toBe(pair.key);
  });
});

describe('the API with this certificate', () => {
  const anyVersion = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const defaults = { DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION, DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS };
  let pair: KeyPair;
  let pool: pg.Pool;
  let app: FastifyInstance;
  let port: number;

  beforeAll(async () => {
    // Node.js permits every version here, so that only the API can reject one.
    Object.assign(tls, { DEFAULT_MIN_VERSION: anyVersion.minVersion, DEFAULT_CIPHERS: anyVersion.ciphers });
    pair = await selfSignedCertificate();
    pool = new pg.Pool();
    const logger = pino({ level: 'silent' });
    app = await buildApp({
      pool,
      payments: new PaymentService({ pool, metrics: noMetrics, logger, acquirer: new SimulatedAcquirer() }),
      metrics: noMetrics,
      logger,
      session: { timeToLiveMinutes: 30, secureCookie: true },
      https: pair,
    });
    port = portOf(await app.listen({ host: '127.0.0.1', port: 0 }));
  });
  afterAll(async () => {
    Object.assign(tls, defaults);
    await app.close();
    await pool.end();
  });

  /** Connects with one TLS version. Returns the version and the fingerprint of the certificate. */
  function handshake(version: SecureVersion, to = port): Promise<[string | null, string | undefined]> {
    const options = { ...anyVersion, minVersion: version, maxVersion: version, rejectUnauthorized: false };
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '127.0.0.1', port: to, ...options }, () => {
        resolve([socket.getProtocol(), socket.getPeerX509Certificate()?.fingerprint256]);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('serves requests over %s', async (version) => {
    expect(await handshake(version)).toEqual([version, new X509Certificate(pair.cert).fingerprint256]);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)(
    'rejects %s, which a server without a minimum version accepts',
    async (version) => {
      const other = tls.createServer(pair).listen(0, '127.0.0.1');
      try {
        await new Promise((resolve) => other.once('listening', resolve));
        const address = other.address() as { port: number };
        expect((await handshake(version, address.port))[0]).toBe(version);
      } finally {
        other.close();
      }
      await expect(handshake(version)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    },
  );
});

function portOf(address: string): number {
  return Number(new URL(address).port);
}
