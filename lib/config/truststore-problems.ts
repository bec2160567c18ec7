import { readFileSync } from 'node:fs';
import type { Problem } from './configuration-error';
import { bundleFaults } from './truststore-bundle-faults';
import { readCertificate, type TruststoreCertificate } from './truststore-certificate';

const field = 'truststorePath';
const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
/** Limits of API Gateway. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html */
const maxCertificates = 1000;
const maxBytes = 1024 * 1024;

/**
 * What is wrong with a bundle of certificate authorities, so that a deployment is refused and not a client.
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
  const cutOff = text.replaceAll(block, '').includes('-----BEGIN ');
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY')) || /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) {
    return [refuse('it holds a private key, which must not leave its owner; pass certificates only')];
  }
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (cutOff) return [refuse('a certificate is cut off: it begins and has no END line; copy the file again')];
  if (certificates.length === 0) return [refuse('it holds no certificate; pass certificate authorities in PEM form')];
  if (certificates.length > maxCertificates || Buffer.byteLength(text) > maxBytes) {
    return [refuse(`API Gateway takes at most ${maxCertificates} certificates and 1 MiB; pass fewer`)];
  }
  const read = certificates.map(({ pem }) => readCertificate(pem, now));
  return [
    ...read.flatMap((certificate, index) =>
      faultsOf(certificate).map((fault) => refuse(`certificate ${index + 1} of ${certificates.length} ${fault}`)),
    ),
    ...bundleFaults(read.filter((certificate) => certificate !== undefined)).map(refuse),
  ];
}

function faultsOf(certificate: TruststoreCertificate | undefined): string[] {
  if (!certificate) return ['cannot be read as X.509; export it again in PEM form'];
  return certificate.faults.map((fault) => `(${certificate.subject}) ${fault}`);
}
