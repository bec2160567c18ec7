import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigateway';
import type { ApiGatewayConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';

/** A token bucket: what it is refilled with each second, and how much it holds. */
type Throttle = Required<ThrottleSettings>;

/** How much may be asked. */
export interface Throttles {
  /** Of one operation, by all clients together. */
  readonly operation: Throttle;
  /** Of the whole API, with one API key. */
  readonly key: Throttle;
  /** With one API key, by the web ACL, which counts by the minute. @default - the web ACL does not count by key */
  readonly requestsPerMinutePerKey?: number;
}

/** The one place that knows how each kind of client is limited. */
export function createThrottles({ clients, requestsPerSecond, burst }: ApiGatewayConfig): Throttles {
  const operation = { rateLimit: requestsPerSecond, burstLimit: burst };
  switch (clients.kind) {
    case 'api-key': {
      const { requestsPerMinutePerKey } = clients;
      return { operation, key: minuteThrottle(requestsPerMinutePerKey), requestsPerMinutePerKey };
    }
    case 'mutual-tls':
      return { operation, key: operation };
    default:
      return assertNever(clients);
  }
}

/**
 * The bucket that lets at most `ceiling` requests through in any 60 seconds: a full one, and what it is refilled with meanwhile.
 *
 * Rates are whole numbers, because API Gateway is said to round them; the burst takes up the rest.
 */
function minuteThrottle(ceiling: number): Throttle {
  const rateLimit = Math.floor((ceiling - 1) / 60);
  return { rateLimit, burstLimit: ceiling - 60 * rateLimit };
}
