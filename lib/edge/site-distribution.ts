import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CacheCookieBehavior,
  CachePolicy,
  CacheHeaderBehavior,
  CacheQueryStringBehavior,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IDistribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { OriginResources } from '../compute/compute-resources';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';
import referenceHeaders from '../../frontend/reference-headers.json';
import { SecurityHeaders } from './security-headers';
import type { SiteDomain } from './site-domain';

export interface SiteDistributionProps {
  readonly names: ResourceNames;
  readonly bucket: IBucket;
  readonly origin: OriginResources;
  /** Secret headers for the origin. Each value is a reference. */
  readonly originHeaders: Readonly<Record<string, string>>;
  readonly webAclArn: string | undefined;
  readonly domain: SiteDomain | undefined;
  readonly assetMaxAgeDays: number;
  /** Further origins that pages may send requests to. */
  readonly connectTo: readonly string[];
}

/**
 * The distribution: console and reference from the bucket, API from the load balancer, all over HTTPS and with security headers. Only the
 * reference has a content security policy of its own, because Swagger UI renders HTML from strings.
 */
export class SiteDistribution extends Construct {
  readonly distribution: IDistribution;

  constructor(scope: Construct, id: string, props: SiteDistributionProps) {
    super(scope, id);
    const { names, bucket, origin, originHeaders, webAclArn, domain, assetMaxAgeDays, connectTo } = props;
    // The key policy allows all distributions of this account. A reference to this one would be circular.
    Annotations.of(Stack.of(this)).acknowledgeWarning('@aws-cdk/aws-cloudfront-origins:wildcardKeyPolicyForOac');
    const s3Origin = S3BucketOrigin.withOriginAccessControl(bucket);
    const common = {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: new SecurityHeaders(this, 'SecurityHeaders', {
        policyName: names.of('headers-policy'),
        connectTo,
      }),
      compress: true,
    };
    const pages: BehaviorOptions = {
      ...common,
      origin: s3Origin,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.#spaFallback(names) }],
    };
    const reference: BehaviorOptions = {
      ...pages,
      responseHeadersPolicy: new SecurityHeaders(this, 'ReferenceHeaders', {
        policyName: names.of('headers-policy', 'reference'),
        connectTo: [],
        changes: referenceHeaders,
      }),
    };
    const assets: BehaviorOptions = {
      ...common,
      origin: s3Origin,
      cachePolicy: new CachePolicy(this, 'AssetCache', {
        cachePolicyName: names.of('cache-policy', 'asset'),
        comment: 'Files with a content hash in their names',
        defaultTtl: Duration.days(assetMaxAgeDays),
        maxTtl: Duration.days(assetMaxAgeDays),
        minTtl: Duration.days(1),
        cookieBehavior: CacheCookieBehavior.none(),
        headerBehavior: CacheHeaderBehavior.none(),
        queryStringBehavior: CacheQueryStringBehavior.none(),
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
    };
    const api: BehaviorOptions = {
      ...common,
      origin: new HttpOrigin(origin.host, {
        protocolPolicy: origin.protocol === 'https' ? OriginProtocolPolicy.HTTPS_ONLY : OriginProtocolPolicy.HTTP_ONLY,
        httpPort: 80,
        httpsPort: 443,
        readTimeout: Duration.seconds(30),
        // Below the 60 seconds of the load balancer, so that CloudFront does not reuse a connection that is being closed.
        keepaliveTimeout: Duration.seconds(50),
        customHeaders: { ...originHeaders },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: names.of('distribution'),
      defaultBehavior: pages,
      // In order of precedence.
      additionalBehaviors: { '/assets/*': assets, '/api/docs': reference, '/api/*': api },
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      webAclId: webAclArn,
      ...(domain && {
        certificate: domain.certificate,
        domainNames: [domain.domainName],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    domain?.pointTo(this.distribution);
    this.#acceptFindings(domain === undefined);
  }

  #spaFallback(names: ResourceNames): CloudFrontFunction {
    return new CloudFrontFunction(this, 'SpaFallback', {
      functionName: names.of('function', 'spa-fallback'),
      comment: 'Serves the page of the console for each of its paths',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(readFileSync(join(__dirname, 'spa-fallback.js'), 'utf8')),
    });
  }

  #acceptFindings(withoutDomain: boolean): void {
    acceptFindings(this, ['AwsSolutions-CFR1'], {
      reason: 'Merchants sell worldwide, and the specification excludes no country.',
      compensatingControl: 'The web ACL blocks addresses with a bad reputation and limits the rate of each address.',
    });
    acceptFindings(this, ['AwsSolutions-CFR3'], {
      reason: 'Requests are logged through standard logging v2, which the rule does not support yet.',
      compensatingControl: 'A test checks that the delivery into the encrypted log group exists.',
    });
    if (!withoutDomain) return;
    Annotations.of(this).addWarningV2(
      'payment-platform:default-viewer-certificate',
      'Without -c domainName, CloudFront uses its default certificate, which accepts TLS 1.0. Pass domainName and hostedZoneId to require TLS 1.2.',
    );
    acceptFindings(this, ['AwsSolutions-CFR4', 'AwsSolutions-CFR5'], {
      reason:
        'CloudFront’s default certificate determines the minimum TLS version, and without a domain the origin has no certificate.',
      compensatingControl: 'Synthesis prints a warning. With a domain, both connections require TLS 1.2.',
    });
  }
}
