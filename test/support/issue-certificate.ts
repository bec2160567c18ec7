import { generate } from 'selfsigned';
import type { CertificateRequest } from './client-authorities';

/* Prints a certificate that signs itself, as PEM. A process of its own, because making keys is asynchronous and tables of tests are not. */

const { commonName, isAuthority, from, until } = JSON.parse(process.argv[2] ?? '') as Required<CertificateRequest>;

void generate([{ name: 'commonName', value: commonName }], {
  keyType: 'ec',
  curve: 'P-256',
  algorithm: 'sha256',
  notBeforeDate: new Date(from),
  notAfterDate: new Date(until),
  extensions: [
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    { name: 'keyUsage', keyCertSign: isAuthority, digitalSignature: !isAuthority, critical: true },
  ],
}).then(({ cert }) => process.stdout.write(cert));
