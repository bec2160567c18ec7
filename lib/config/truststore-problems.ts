import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Problem } from './configuration-error';

const field = 'truststorePath';
const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
/** What API Gateway takes. */
const maxCertificates = 1000;
const maxBytes = 1024 * 1024;

/**
 * What is wrong with a bundle of certificate authorities, so that it is told before a deployment and not by a client that is refused.
 *
 * @param now what "expired" is measured by
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export function truststoreProblems(path: string, now: Date): Problem[] {
  const refuse = (remedy: string): Problem => ({ field, value: path, remedy });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return [refuse(`the file cannot be read (${code}); check the path`)];
  }
  const blocks = [...text.matchAll(block)].map(([pem, label = '']) => ({ pem, label }));
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    return [refuse('it holds a private key, which must not leave its owner; pass certificates only')];
  }
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (certificates.length === 0) return [refuse('it holds no certificate; pass certificate authorities in PEM form')];
  if (certificates.length > maxCertificates || Buffer.byteLength(text) > maxBytes) {
    return [refuse(`API Gateway takes at most ${maxCertificates} certificates and 1 MiB; pass fewer`)];
  }
  return certificates.flatMap(({ pem }, index) =>
    certificateProblems(pem, now).map((remedy) =>
      refuse(`certificate ${index + 1} of ${certificates.length} ${remedy}`),
    ),
  );
}

function certificateProblems(pem: string, now: Date): string[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return ['cannot be read as X.509; export it again in PEM form'];
  }
  const name = certificate.subject.replaceAll('\n', ', ');
  const until = new Date(certificate.validTo);
  const from = new Date(certificate.validFrom);
  return [
    ...(certificate.ca ? [] : [`(${name}) is no certificate authority; pass the one that issued it`]),
    ...(until <= now ? [`(${name}) expired on ${day(until)}; leave it out, or pass its successor`] : []),
    ...(from > now ? [`(${name}) is not valid before ${day(from)}; pass it from then on`] : []),
  ];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
