import { generate } from 'selfsigned';

/** A key and the certificate for it, as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/**
 * A certificate for the hop from the load balancer, made at start and never stored. The load balancer encrypts to it without checking
 * who signed it; who may reach the port is the security group's business.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
export async function selfSignedCertificate(): Promise<KeyPair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'payments-api' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 365 * 24 * 3600 * 1000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'payments-api' }] }],
  });
  return { key, cert };
}
