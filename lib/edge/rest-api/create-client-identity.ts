import type { ApiGatewayConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';

/** Headers that pass the client certificate's subject and serial number to the API. */
const certificateHeaders = {
  'x-client-subject': 'context.identity.clientCert.subjectDN',
  'x-client-serial': 'context.identity.clientCert.serialNumber',
} as const;

/** How clients authenticate. */
export interface ClientIdentity {
  readonly requiresCertificate: boolean;
  /** Headers that identify the client to the API. API Gateway overwrites values that a client sends. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The client authentication of a profile. */
export function createClientIdentity({ clients }: ApiGatewayConfig): ClientIdentity {
  switch (clients.kind) {
    case 'api-key':
      return { requiresCertificate: false, headers: {} };
    case 'mutual-tls':
      return { requiresCertificate: true, headers: certificateHeaders };
    default:
      return assertNever(clients);
  }
}
