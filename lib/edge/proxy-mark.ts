import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { GeneratedSecret } from '../compute/generated-secret';
import type { ResourceNames } from '../core/resource-names';

/** A header that only a proxy of ours can send. */
export interface MarkHeader {
  readonly name: string;
  /** A dynamic reference: CloudFormation reads the value, and no template holds it. */
  readonly value: string;
}

/** What the mark is told. */
export interface ProxyMarkProps {
  readonly names: ResourceNames;
}

/**
 * Marks the requests that CloudFront forwards to a load balancer which the internet reaches as well.
 *
 * All of them come from CloudFront's few addresses. The web ACL of the load balancer leaves marked requests uncounted; CloudFront's own
 * web ACL has counted their viewers. The X-Forwarded-For header is no alternative, because a client that calls the load balancer directly
 * sets it to whatever it likes.
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
        'It admits nobody: whoever knows it is not counted by address. CloudFront and web ACL must change together, in one deployment.',
    });
    this.header = { name: 'x-proxy-mark', value: secret.secretValue.unsafeUnwrap() };
  }
}
