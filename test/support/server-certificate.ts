import { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import {
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto);
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Key and certificate of a server, as PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate for `hostname`, which ends at `until`. */
export async function serverCertificate(hostname: string, until: Date): Promise<ServerCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${hostname}`,
    notBefore: new Date('2020-01-01'),
    notAfter: until,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }])],
  });
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(privateKey, 'PRIVATE KEY'), cert: certificate.toString('pem') };
}
