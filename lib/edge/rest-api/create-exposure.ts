import type { AcquirerConfig, ApiGatewayConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';
import type { Exposure } from './exposed-operations';

/** Which operations a profile exposes beside those of merchants. */
export function createExposure(
  { administration }: ApiGatewayConfig,
  acquirer: AcquirerConfig,
  requiresCertificate: boolean,
): Exposure {
  switch (acquirer.kind) {
    case 'simulator':
    case 'http':
      return { administration, acquirerEvents: false };
    case 'stripe':
      // Stripe presents no client certificate, so mutual TLS would refuse it before the API could verify its signature.
      return { administration, acquirerEvents: !requiresCertificate };
    default:
      return assertNever(acquirer);
  }
}
