import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigateway';
import type { ApiGatewayConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';

/** A token bucket with a rate per second and a burst. */
type Throttle = Required<ThrottleSettings>;

/** The throttles of an API Gateway. */
export interface Throttles {
  /** For each operation, all clients together. */
  readonly operation: Throttle;
  /** For each API key, all operations together. */
  readonly key: Throttle;
  /** Limit per API key of the web ACL, which counts by the minute. @default - the web ACL has no limit per key */
  readonly requestsPerMinutePerKey?: number;
}

/** The throttles of a profile. */
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
 * A token bucket that allows at most `ceiling` requests in any 60 seconds: the burst and 60 seconds of the rate.
 *
 * The rate is a whole number, because API Gateway may round it. The burst is the rest.
 */
function minuteThrottle(ceiling: number): Throttle {
  const rateLimit = Math.floor((ceiling - 1) / 60);
  return { rateLimit, burstLimit: ceiling - 60 * rateLimit };
}
