import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import securityHeaders from '../../frontend/security-headers.json';

export interface SecurityHeadersProps {
  readonly policyName: string;
  /** Further origins that pages may send requests to: `https://…`. */
  readonly connectTo: readonly string[];
  /** Headers that replace those of the console. @default - none */
  readonly changes?: Partial<typeof securityHeaders>;
}

/** Headers that CloudFront sets through dedicated fields and rejects as custom headers. */
const known = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'Referrer-Policy',
];

/** The security headers of responses. The local platform uses the same tables. */
export class SecurityHeaders extends ResponseHeadersPolicy {
  constructor(scope: Construct, id: string, props: SecurityHeadersProps) {
    const override = true;
    const headers = { ...securityHeaders, ...props.changes };
    super(scope, id, {
      responseHeadersPolicyName: props.policyName,
      comment: 'Security headers of the payment platform',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(headers, props.connectTo), override },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.seconds(maxAgeSeconds(securityHeaders['Strict-Transport-Security'])),
          includeSubdomains: securityHeaders['Strict-Transport-Security'].includes('includeSubDomains'),
          preload: securityHeaders['Strict-Transport-Security'].includes('preload'),
          override,
        },
        contentTypeOptions: { override },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(headers)
          .filter(([header]) => !known.includes(header))
          .map(([header, value]) => ({ header, value, override })),
      },
    });
  }
}

function contentSecurityPolicy(headers: typeof securityHeaders, connectTo: readonly string[]): string {
  const policy = headers['Content-Security-Policy'];
  return policy.replace("connect-src 'self'", ["connect-src 'self'", ...connectTo].join(' '));
}

function maxAgeSeconds(value: string): number {
  return Number(/max-age=(\d+)/.exec(value)?.[1]);
}
