import type { ApiGatewayConfig } from '../../config/deployment-profile';
import { assertNever } from '../../core/assert-never';

/** The headers by which the API knows whose certificate the client has shown. */
const certificateHeaders = {
  'x-client-subject': 'context.identity.clientCert.subjectDN',
  'x-client-serial': 'context.identity.clientCert.serialNumber',
} as const;

/** How clients prove themselves. */
export interface ClientIdentity {
  readonly showsCertificate: boolean;
  /** Headers that tell the API who the client is, whatever the client itself sends under their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The one place that knows how each kind of client proves itself. */
export function createClientIdentity({ clients }: ApiGatewayConfig): ClientIdentity {
  switch (clients.kind) {
    case 'api-key':
      return { showsCertificate: false, headers: {} };
    case 'mutual-tls':
      return { showsCertificate: true, headers: certificateHeaders };
    default:
      return assertNever(clients);
  }
}
