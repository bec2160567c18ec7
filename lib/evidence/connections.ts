import type { Assembly, AssemblyResource } from './assembly';
import {
  isModernApiPolicy,
  isModernListenerPolicy,
  isModernViewerProtocol,
  refusesPlainText,
} from './pci/transit-claims';
import { isClusterMember, listAt, property, valueAt } from './property-access';
import { byCodeUnit } from './sort';
import { isRecord, textOf } from './values';

/** One hop of data with the protocol that protects it. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly isProtected: boolean;
  /** The property that decides, and the remedy of a gap. */
  readonly note: string;
}

type Hop = Omit<Connection, 'isProtected'> & { readonly isProtected?: boolean };

/** Every hop of an assembly with its protocol. */
export function connectionsOf(assembly: Assembly): Connection[] {
  const hops: Hop[] = [
    ...assembly
      .ofType('AWS::CloudFront::Distribution')
      .flatMap((distribution) => distributionHops(distribution, assembly)),
    ...assembly.ofType('AWS::ApiGateway::DomainName', 'AWS::ApiGateway::RestApi').map(gatewayHop),
    ...assembly.ofType('AWS::ApiGateway::Method').flatMap((method) => integrationHop(method, assembly)),
    ...assembly.ofType('AWS::ElasticLoadBalancingV2::Listener').map((listener) => listenerHop(listener, assembly)),
    ...assembly.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').map(targetHop),
    ...assembly
      .ofType('AWS::RDS::DBCluster', 'AWS::RDS::DBInstance')
      .flatMap((database) => databaseHop(database, assembly)),
    ...policyHops(assembly, 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'),
    ...policyHops(assembly, 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'),
    ...policyHops(assembly, 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'),
    ...assembly.ofType('AWS::EC2::VPCEndpoint').map(endpointHop),
  ];
  const unique = new Map(hops.map((hop) => [JSON.stringify(hop), { isProtected: true, ...hop }]));
  return [...unique.values()].sort(byCodeUnit(({ from, to }) => `${from} ${to}`));
}

const internet = 'internet';
const clients = 'clients in AWS';

function distributionHops(distribution: AssemblyResource, assembly: Assembly): Hop[] {
  const config = property(distribution, 'DistributionConfig');
  const version = valueAt(config, 'ViewerCertificate.MinimumProtocolVersion');
  const isModern = isModernViewerProtocol(textOf(version ?? ''));
  const viewer: Hop = {
    from: internet,
    to: distribution.key,
    protocol: `HTTPS, ${version === undefined ? 'TLS 1.0 or newer' : textOf(version)}`,
    isProtected: isModern,
    note: isModern
      ? 'ViewerCertificate.MinimumProtocolVersion'
      : 'CloudFront’s own certificate accepts TLS 1.0. Set domainName and hostedZoneId.',
  };
  const origins = listAt(config, 'Origins').map((origin): Hop => {
    const to = assembly.target(valueAt(origin, 'DomainName'))?.key ?? textOf(valueAt(origin, 'DomainName'));
    const policy = valueAt(origin, 'CustomOriginConfig.OriginProtocolPolicy');
    if (policy === undefined)
      return { from: distribution.key, to, protocol: 'HTTPS', note: 'CloudFront signs its requests to S3' };
    const isTls = policy === 'https-only';
    const versions = listAt(origin, 'CustomOriginConfig.OriginSSLProtocols')
      .map((each) => textOf(each))
      .join(', ');
    const note = isTls
      ? 'CustomOriginConfig.OriginProtocolPolicy'
      : 'No certificate can be trusted at this origin. Set domainName and hostedZoneId.';
    return { from: distribution.key, to, protocol: isTls ? `HTTPS, ${versions}` : 'HTTP', isProtected: isTls, note };
  });
  return [viewer, ...origins];
}

function gatewayHop(api: AssemblyResource): Hop {
  const policy = textOf(property(api, 'SecurityPolicy') ?? 'TLS_1_0');
  const isMutual = property(api, 'MutualTlsAuthentication.TruststoreUri') !== undefined;
  const isDisabled = property(api, 'DisableExecuteApiEndpoint') === true;
  return {
    from: internet,
    to: api.key,
    protocol: isDisabled ? 'none' : `HTTPS, ${policy}${isMutual ? ', client certificates' : ''}`,
    isProtected: isDisabled || isModernApiPolicy(policy),
    note: isDisabled ? 'DisableExecuteApiEndpoint' : 'SecurityPolicy',
  };
}

function integrationHop(method: AssemblyResource, assembly: Assembly): Hop[] {
  const uri = property(method, 'Integration.Uri');
  const target = assembly.target(property(method, 'Integration.IntegrationTarget')) ?? assembly.target(uri);
  if (uri === undefined || property(method, 'Integration.ConnectionType') !== 'VPC_LINK') return [];
  const isTls = textOf(uri).startsWith('https://');
  const note = isTls
    ? 'Integration.Uri'
    : 'The VPC link stays in AWS’s network, but unencrypted. Set domainName and hostedZoneId.';
  const from = textOf(property(method, 'RestApiId'));
  return [{ from, to: target?.key ?? textOf(uri), protocol: isTls ? 'HTTPS' : 'HTTP', isProtected: isTls, note }];
}

function listenerHop(listener: AssemblyResource, assembly: Assembly): Hop {
  const policy = property(listener, 'SslPolicy');
  const balancer = assembly.target(property(listener, 'LoadBalancerArn'));
  const isModern = isModernListenerPolicy(textOf(policy ?? ''));
  const protocol = textOf(property(listener, 'Protocol') ?? 'unknown');
  return {
    from: `clients of ${balancer?.key ?? 'a load balancer'}`,
    to: listener.key,
    protocol: policy === undefined ? protocol : `${protocol}, ${textOf(policy)}`,
    isProtected: isModern,
    note: isModern ? 'SslPolicy' : 'The listener has no certificate. Set domainName and hostedZoneId.',
  };
}

function targetHop(group: AssemblyResource): Hop {
  const protocol = textOf(property(group, 'Protocol') ?? 'unknown');
  const isTls = ['HTTPS', 'TLS'].includes(protocol);
  return {
    from: 'load balancer',
    to: group.key,
    protocol,
    isProtected: isTls,
    note: isTls ? 'The load balancer does not verify the certificate of a target' : 'Protocol',
  };
}

function databaseHop(database: AssemblyResource, assembly: Assembly): Hop[] {
  if (isClusterMember(database)) return [];
  const path = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
  const parameters = assembly.target(property(database, path))?.properties['Parameters'];
  const forces = isRecord(parameters) ? textOf(parameters['rds.force_ssl'] ?? 'not set') : 'not set';
  const isTls = forces === '1';
  return [
    {
      from: 'clients in the VPC',
      to: database.key,
      protocol: isTls ? 'PostgreSQL with TLS' : 'PostgreSQL, TLS optional',
      isProtected: isTls,
      note: `rds.force_ssl: ${forces}`,
    },
  ];
}

function policyHops(assembly: Assembly, type: string, policyType: string): Hop[] {
  return assembly.ofType(type).map(({ key }) => {
    const isRefused = assembly.referrersOf(key, policyType).some(refusesPlainText);
    return {
      from: clients,
      to: key,
      protocol: isRefused ? 'HTTPS' : 'HTTPS or HTTP',
      isProtected: isRefused,
      note: isRefused ? 'The policy denies requests without TLS' : 'Deny requests whose aws:SecureTransport is false',
    };
  });
}

function endpointHop(endpoint: AssemblyResource): Hop {
  const service = textOf(property(endpoint, 'ServiceName')).replace(/^com\.amazonaws\.[^.]+\./, '');
  return {
    from: 'VPC',
    to: `${endpoint.key} (${service})`,
    protocol: 'HTTPS, TLS 1.2 or newer',
    note: 'AWS’s API accepts nothing older',
  };
}
