/** The routes by which the load balancer and operators check the API. They need no credentials. */
const probeRoutes: readonly string[] = ['/health', '/ready'];

/** Whether a request, or the route of one, is a health check. */
export function isProbe(url: string | undefined): boolean {
  return url !== undefined && probeRoutes.includes(url);
}
