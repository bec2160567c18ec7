import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import type { ResourceNames } from '../core/resource-names';

/** A secret header that CloudFront adds to requests. */
export interface MarkHeader {
  readonly name: string;
  /** A dynamic reference, so no template contains the value. */
  readonly value: string;
}

export interface ProxyMarkProps {
  readonly names: ResourceNames;
}

/**
 * Marks requests that CloudFront forwards to a public load balancer.
 *
 * All of them come from a few addresses of CloudFront. The rate-based rule of the load balancer's web ACL excludes them, because
 * CloudFront's web ACL already limits their viewers. X-Forwarded-For was rejected: clients of the load balancer can set it to any value.
 */
export class ProxyMark extends Construct {
  readonly header: MarkHeader;

  constructor(scope: Construct, id: string, props: ProxyMarkProps) {
    super(scope, id);
    const { names } = props;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'proxy-mark')}`,
      description: 'Encrypts the header value that identifies CloudFront to the web ACL of the load balancer',
    });
    const secret = new GeneratedSecret(this, 'Secret', {
      secretName: names.of('secret', 'proxy-mark'),
      description: 'Header value that identifies CloudFront to the web ACL of the load balancer',
      key,
      withoutRotation:
        'It grants no access, only an exemption from the rate limit per address. CloudFront and web ACL must change in the same deployment.',
    });
    this.header = { name: 'x-proxy-mark', value: secret.secretValue.unsafeUnwrap() };
  }
}
