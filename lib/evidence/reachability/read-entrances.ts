import type { Assembly, AssemblyResource } from '../assembly';
import { referencesIn, textOf } from '../values';
import { nameOf, recordOf, recordsIn, targetsOf } from './template-values';

export const entranceTypes = ['distribution', 'API', 'function URL'] as const;

/** What AWS runs outside of the VPC and clients connect to. */
export interface Entrance {
  readonly key: string;
  readonly name: string;
  readonly type: (typeof entranceTypes)[number];
  /** TCP ports that clients connect to. */
  readonly ports: readonly number[];
  /** What it forwards requests to: the key of a resource, or a host name. */
  readonly origins: readonly Origin[];
}

export interface Origin {
  readonly target: string;
  readonly port: number;
}

/** Reads distributions, public APIs and function URLs. */
export function readEntrances(assembly: Assembly): Entrance[] {
  return [
    ...assembly.ofType('AWS::CloudFront::Distribution').map((resource) => distribution(assembly, resource)),
    ...assembly
      .ofType('AWS::ApiGateway::RestApi')
      .filter(
        ({ properties }) => !textOf(recordOf(properties['EndpointConfiguration'])['Types'] ?? '').includes('PRIVATE'),
      )
      .map((resource) => api(assembly, resource, 'AWS::ApiGateway::Method')),
    ...assembly
      .ofType('AWS::ApiGatewayV2::Api')
      .map((resource) => api(assembly, resource, 'AWS::ApiGatewayV2::Integration')),
    ...assembly.ofType('AWS::Lambda::Url').map((resource) => ({
      key: resource.key,
      name: nameOf(resource),
      type: 'function URL' as const,
      ports: [443],
      origins: referencesIn(resource.properties['TargetFunctionArn']).map(({ target }) => ({ target, port: 443 })),
    })),
  ];
}

function distribution(assembly: Assembly, resource: AssemblyResource): Entrance {
  const config = recordOf(resource.properties['DistributionConfig']);
  const behaviors = [recordOf(config['DefaultCacheBehavior']), ...recordsIn(config['CacheBehaviors'])];
  const acceptsHttp = behaviors.some(({ ViewerProtocolPolicy }) => ViewerProtocolPolicy !== 'https-only');
  return {
    key: resource.key,
    name: nameOf(resource),
    type: 'distribution',
    ports: acceptsHttp ? [80, 443] : [443],
    origins: recordsIn(config['Origins']).map((origin) => ({
      target: originTarget(assembly, origin),
      port: originPort(recordOf(origin['CustomOriginConfig'])),
    })),
  };
}

/** CloudFront connects by HTTP where the policy says so, or to an origin that follows the viewer. */
function originPort({
  OriginProtocolPolicy,
  HTTPPort = 80,
  HTTPSPort = 443,
}: Readonly<Record<string, unknown>>): number {
  return Number(OriginProtocolPolicy === 'http-only' ? HTTPPort : HTTPSPort);
}

/** The resource behind the domain name of an origin: that of the name itself, or of a record with the name. */
function originTarget(assembly: Assembly, { DomainName, VpcOriginConfig }: Readonly<Record<string, unknown>>): string {
  const vpcOrigin = assembly.target(recordOf(VpcOriginConfig)['VpcOriginId']);
  const direct = assembly.target(
    vpcOrigin ? recordOf(vpcOrigin.properties['VpcOriginEndpointConfig'])['Arn'] : DomainName,
  );
  if (direct) return direct.key;
  const name = textOf(DomainName);
  const record = assembly
    .ofType('AWS::Route53::RecordSet')
    .find(({ properties }) => textOf(properties['Name']).replace(/\.$/, '') === name);
  return assembly.target(recordOf(record?.properties['AliasTarget'])['DNSName'])?.key ?? name;
}

function api(assembly: Assembly, resource: AssemblyResource, integrationType: string): Entrance {
  const links = assembly
    .referrersOf(resource.key, integrationType)
    .flatMap(({ properties }) =>
      ['AWS::ApiGatewayV2::VpcLink', 'AWS::ApiGateway::VpcLink'].flatMap((type) =>
        targetsOf(assembly, properties, type),
      ),
    );
  const keys = new Set(links.map(({ key }) => key));
  return {
    key: resource.key,
    name: nameOf(resource),
    type: 'API',
    ports: [443],
    origins: [...keys].map((target) => ({ target, port: 443 })),
  };
}
