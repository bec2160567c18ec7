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
 * Problems of a bundle of certificate authorities, found at synthesis instead of when a client connects.
 *
 * @param now the time that validity is checked against
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export function truststoreProblems(path: string, now: Date): Problem[] {
  const refuse = (message: string): Problem => ({ field, value: path, message });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return [refuse(`The file cannot be read (${code}). Check the path.`)];
  }
  const blocks = [...text.matchAll(block)].map(([pem, label = '']) => ({ pem, label }));
  const cutOff = text.replaceAll(block, '').includes('-----BEGIN ');
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY')) || /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) {
    return [refuse('The file contains a private key, which must stay with its owner. Pass certificates only.')];
  }
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (cutOff) return [refuse('The file is truncated: a certificate has no END line. Copy the file again.')];
  if (certificates.length === 0)
    return [refuse('The file contains no certificate. Pass certificate authorities in PEM format.')];
  if (certificates.length > maxCertificates || Buffer.byteLength(text) > maxBytes) {
    return [refuse(`API Gateway accepts at most ${maxCertificates} certificates and 1 MiB. Pass fewer certificates.`)];
  }
  const read = certificates.map(({ pem }) => readCertificate(pem, now));
  return [
    ...read.flatMap((certificate, index) =>
      faultsOf(certificate).map((fault) => refuse(`Certificate ${index + 1} of ${certificates.length} ${fault}`)),
    ),
    ...bundleFaults(read.filter((certificate) => certificate !== undefined)).map(refuse),
  ];
}

function faultsOf(certificate: TruststoreCertificate | undefined): string[] {
  if (!certificate) return ['is not a valid X.509 certificate. Export it again in PEM format.'];
  return certificate.faults.map((fault) => `(${certificate.subject}) ${fault}`);
}
