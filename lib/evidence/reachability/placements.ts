import type { Assembly, AssemblyResource } from '../assembly';
import { isClusterMember } from '../property-access';
import { Reference, referencesIn, textOf } from '../values';
import { recordOf, recordsIn } from './template-values';
import type { HostType } from './topology';

/** What the properties of a resource say about its network interfaces. */
export interface Placement {
  readonly type: HostType;
  /** Whatever names its subnets. */
  readonly subnets: unknown;
  /** Whatever names its security groups; those of its VPC's default if absent. */
  readonly groups?: unknown;
  /** Whether no security group filters its packets. */
  readonly isUnfiltered?: boolean;
  readonly isPublic?: boolean;
  readonly forwards?: boolean;
  /** Interface endpoints only: the service, as in `secretsmanager`. */
  readonly service?: string;
}

/** The network interfaces of a resource; `undefined` if it has none. */
export function placementOf(assembly: Assembly, resource: AssemblyResource): Placement | undefined {
  return places[resource.type]?.(resource, assembly);
}

type Place = (resource: AssemblyResource, assembly: Assembly) => Placement | undefined;

const places: Readonly<Record<string, Place>> = {
  'AWS::ApiGatewayV2::VpcLink': ({ properties }) => ({
    type: 'VPC link',
    subnets: properties['SubnetIds'],
    groups: properties['SecurityGroupIds'],
    forwards: true,
  }),
  'AWS::EC2::Instance': instance,
  'AWS::EC2::NatGateway': ({ properties }) => ({
    type: 'NAT gateway',
    subnets: properties['SubnetId'],
    isUnfiltered: true,
    isPublic: properties['ConnectivityType'] !== 'private',
    forwards: true,
  }),
  'AWS::EC2::VPCEndpoint': ({ properties }) =>
    properties['VpcEndpointType'] === 'Interface'
      ? {
          type: 'interface endpoint',
          subnets: properties['SubnetIds'],
          groups: properties['SecurityGroupIds'],
          service: serviceOf(properties['ServiceName']),
        }
      : undefined,
  'AWS::ECS::Service': ({ properties }) => {
    const network = recordOf(recordOf(properties['NetworkConfiguration'])['AwsvpcConfiguration']);
    if (network['Subnets'] === undefined) return undefined;
    const isPublic = network['AssignPublicIp'] === 'ENABLED';
    return { type: 'service', subnets: network['Subnets'], groups: network['SecurityGroups'], isPublic };
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ properties }) => ({
    type: 'load balancer',
    subnets: [properties['Subnets'], properties['SubnetMappings']],
    groups: properties['SecurityGroups'],
    // Application load balancers without groups have the default one.
    isUnfiltered: properties['SecurityGroups'] === undefined && properties['Type'] !== 'application',
    isPublic: properties['Scheme'] !== 'internal',
    forwards: true,
  }),
  'AWS::Lambda::Function': ({ properties: { VpcConfig } }) => {
    const { SubnetIds: subnets, SecurityGroupIds: groups } = recordOf(VpcConfig);
    return subnets === undefined ? undefined : { type: 'function', subnets, groups };
  },
  'AWS::RDS::DBCluster': (cluster, assembly) => ({
    type: 'database',
    subnets: subnetsOfGroup(assembly, cluster),
    groups: cluster.properties['VpcSecurityGroupIds'],
    isPublic: [cluster, ...assembly.referrersOf(cluster.key, 'AWS::RDS::DBInstance')].some(isPubliclyAccessible),
  }),
  'AWS::RDS::DBInstance': (database, assembly) => {
    // A cluster and its instances are one host.
    if (isClusterMember(database)) return undefined;
    return {
      type: 'database',
      subnets: subnetsOfGroup(assembly, database),
      groups: database.properties['VPCSecurityGroups'],
      isPublic: isPubliclyAccessible(database),
    };
  },
  'AWS::RDS::DBProxy': ({ properties }) => ({
    type: 'database proxy',
    subnets: properties['VpcSubnetIds'],
    groups: properties['VpcSecurityGroupIds'],
    forwards: true,
  }),
  // AWS's transform makes a function in these subnets.
  'AWS::SecretsManager::RotationSchedule': ({ properties: { HostedRotationLambda } }) => {
    const { VpcSubnetIds: subnets, VpcSecurityGroupIds: groups } = recordOf(HostedRotationLambda);
    return subnets === undefined ? undefined : { type: 'function', subnets, groups };
  },
};

/** An instance forwards packets only if EC2 does not check that they are its own. */
function instance({ key, properties }: AssemblyResource, assembly: Assembly): Placement {
  const interfaces = recordsIn(properties['NetworkInterfaces']);
  const subnets = [properties['SubnetId'], interfaces.map(({ SubnetId }) => SubnetId)];
  const groups = interfaces.flatMap(({ GroupSet }) => GroupSet ?? []);
  const inPublicSubnet = referencesIn(subnets).some(
    ({ target }) => assembly.get(target).properties['MapPublicIpOnLaunch'] === true,
  );
  const chosen = interfaces.map(({ AssociatePublicIpAddress }) => AssociatePublicIpAddress);
  return {
    type: 'instance',
    subnets,
    groups: properties['SecurityGroupIds'] ?? groups,
    isPublic:
      chosen.includes(true) ||
      (inPublicSubnet && !chosen.includes(false)) ||
      assembly.referrersOf(key, 'AWS::EC2::EIP', 'AWS::EC2::EIPAssociation').length > 0,
    forwards: properties['SourceDestCheck'] === false,
  };
}

const isPubliclyAccessible = ({ properties }: AssemblyResource) => properties['PubliclyAccessible'] === true;

function subnetsOfGroup(assembly: Assembly, { properties: { DBSubnetGroupName: name } }: AssemblyResource): unknown {
  return name instanceof Reference ? assembly.get(name.target).properties['SubnetIds'] : undefined;
}

/** `com.amazonaws.eu-south-2.ecr.api` is `ecr.api`. */
export function serviceOf(serviceName: unknown): string {
  return textOf(serviceName).replace(/^com\.amazonaws\.[^.]+\./, '');
}
