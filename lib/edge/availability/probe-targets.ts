import type { OriginResources } from '../../compute/compute-resources';

/** One address that clients use, and what it must answer. */
export interface ProbeTarget {
  readonly url: string;
  /** The expected status of `GET`. `tls-only`: the server asks for a client certificate, so only its own certificate is checked. */
  readonly expected: number | 'tls-only';
}

/** What of the platform the internet reaches. */
export interface PublicParts {
  /** The address of the console, behind CloudFront. */
  readonly site: string | undefined;
  readonly apiGateway: { readonly url: string; readonly asksForCertificate: boolean } | undefined;
  readonly origin: Pick<OriginResources, 'host' | 'protocol' | 'isPublic'>;
}

/**
 * Every address that clients use. The API is asked for its health where that is public; behind CloudFront it must refuse a request
 * without a key, because a load balancer that refuses CloudFront answers 403 instead of 401.
 */
export function probeTargets({ site, apiGateway, origin }: PublicParts): ProbeTarget[] {
  const targets: (ProbeTarget | undefined)[] = [
    site === undefined ? undefined : { url: `${site}/`, expected: 200 },
    site === undefined ? undefined : { url: `${site}/api/v1/payments`, expected: 401 },
    apiGateway &&
      (apiGateway.asksForCertificate
        ? { url: apiGateway.url, expected: 'tls-only' }
        : { url: `${apiGateway.url}/api/health`, expected: 200 }),
    origin.isPublic ? { url: `${origin.protocol}://${origin.host}/health`, expected: 200 } : undefined,
  ];
  return targets.filter((target) => target !== undefined);
}
