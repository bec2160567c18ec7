import { generate } from 'selfsigned';

/** A private key and its certificate, as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/**
 * Generates a certificate for connections from the load balancer, which does not validate certificates of targets. The security group
 * restricts access to the port. The key is never stored.
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
