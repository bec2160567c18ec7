import type { OriginResources } from '../../compute/compute-resources';

/** A public URL and its expected response. */
export interface ProbeTarget {
  readonly url: string;
  /** The expected status of `GET`. `tls-only`: the server requires a client certificate, so only its own certificate is checked. */
  readonly expected: number | 'tls-only';
}

/** The public parts of the platform. */
export interface PublicParts {
  /** The URL of the console, behind CloudFront. */
  readonly site: string | undefined;
  readonly apiGateway: { readonly url: string; readonly requiresCertificate: boolean } | undefined;
  readonly origin: Pick<OriginResources, 'host' | 'protocol' | 'isPublic'>;
}

/**
 * Returns a target for every public URL.
 *
 * The target of the API is its health check where that is public. Behind CloudFront it is a request without a key, which must return 401: a
 * load balancer that rejects CloudFront returns 403.
 */
export function probeTargets({ site, apiGateway, origin }: PublicParts): ProbeTarget[] {
  const targets: (ProbeTarget | undefined)[] = [
    site === undefined ? undefined : { url: `${site}/`, expected: 200 },
    site === undefined ? undefined : { url: `${site}/api/v1/payments`, expected: 401 },
    apiGateway &&
      (apiGateway.requiresCertificate
        ? { url: apiGateway.url, expected: 'tls-only' }
        : { url: `${apiGateway.url}/api/health`, expected: 200 }),
    origin.isPublic ? { url: `${origin.protocol}://${origin.host}/health`, expected: 200 } : undefined,
  ];
  return targets.filter((target) => target !== undefined);
}
