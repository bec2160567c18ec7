import { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificateRequest, KeyKind } from './client-authorities';

/* Prints certificates as a JSON list of PEM texts. A process of its own, because making keys is asynchronous and tables of tests are not. */

cryptoProvider.set(webcrypto);

const rsa = (modulusLength: number, hash: string) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash,
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
});
const algorithms: Readonly<
  Record<KeyKind, webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams | webcrypto.Algorithm>
> = {
  'ecdsa-p256': { name: 'ECDSA', namedCurve: 'P-256' },
  'rsa-1024': rsa(1024, 'SHA-256'),
  'rsa-2048-sha1': rsa(2048, 'SHA-1'),
  ed25519: { name: 'Ed25519' },
};

async function issue({
  commonName,
  issuer,
  isAuthority,
  from,
  until,
  key,
}: Required<CertificateRequest>): Promise<string> {
  const algorithm = algorithms[key];
  const { privateKey, publicKey } = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${commonName}`,
    issuer: `CN=${issuer}`,
    notBefore: new Date(from),
    notAfter: new Date(until),
    signingKey: privateKey,
    publicKey,
    signingAlgorithm: { hash: 'SHA-256', ...algorithm },
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      new KeyUsagesExtension(isAuthority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

void Promise.all((JSON.parse(process.argv[2] ?? '') as Required<CertificateRequest>[]).map(issue)).then((pems) => {
  process.stdout.write(JSON.stringify(pems));
});
