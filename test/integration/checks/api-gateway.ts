import {
  type APIGatewayClient,
  type DomainName,
  GetDomainNameCommand,
  GetRestApiCommand,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** An API, and the names under which clients know it. */
export interface DeployedApi {
  readonly api: RestApi;
  readonly domains: readonly DomainName[];
}

/** Reads the one API of the edge stack. */
export async function readApi(client: APIGatewayClient, edge: StackResources): Promise<DeployedApi> {
  const [api, ...domains] = await Promise.all([
    client.send(new GetRestApiCommand({ restApiId: edge.only('AWS::ApiGateway::RestApi') })),
    ...edge
      .all('AWS::ApiGateway::DomainName')
      .map((domainName) => client.send(new GetDomainNameCommand({ domainName }))),
  ]);
  return { api, domains };
}

/**
 * An API that has a name answers under no other, which would pass by what its name asks for: new TLS, and certificates.
 *
 * @param truststores the buckets that say which clients are admitted; none where clients show no certificate
 */
export function apiProblems({ api, domains }: DeployedApi, truststores: readonly string[]): string[] {
  const addresses = truststores.map((bucket) => `s3://${bucket}/`);
  return problems([
    [
      domains.length === 0 || api.disableExecuteApiEndpoint === true,
      `${api.name ?? 'the API'} answers under the address that AWS gave it, beside its name`,
    ],
    [truststores.length === 0 || domains.length > 0, 'clients are to show certificates, but the API has no name'],
    ...domains.flatMap(({ domainName = 'a name', securityPolicy, mutualTlsAuthentication: mutualTls }) => [
      [securityPolicy === 'TLS_1_2', `${domainName} accepts versions of TLS before 1.2`] as const,
      [
        addresses.length === 0 || addresses.some((each) => mutualTls?.truststoreUri?.startsWith(each)),
        `${domainName} admits clients without a certificate`,
      ] as const,
      [
        (mutualTls?.truststoreWarnings ?? []).length === 0,
        `the truststore of ${domainName}: ${mutualTls?.truststoreWarnings?.join(', ') ?? ''}`,
      ] as const,
    ]),
  ]);
}
