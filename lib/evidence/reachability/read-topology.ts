import type { Assembly } from '../assembly';
import { referencesIn, textOf } from '../values';
import { placementOf, serviceOf } from './placements';
import { readHosts } from './read-hosts';
import { readSecurityGroups } from './read-security-groups';
import { readSubnets } from './read-subnets';
import type { GatewayEndpoint, Host, Topology } from './topology';

/** Reads the network of an assembly from its templates. */
export function readTopology(assembly: Assembly): Topology {
  const places = { subnets: readSubnets(assembly), groups: readSecurityGroups(assembly) };
  const hosts = readHosts(assembly, places);
  return {
    hosts,
    endpoints: gatewayEndpoints(assembly),
    problems: [...hostProblems(hosts), ...unknownTypes(assembly)],
  };
}

/** Gateway endpoints; `Gateway` is the type of an endpoint that names none. */
function gatewayEndpoints(assembly: Assembly): GatewayEndpoint[] {
  return assembly
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => (properties['VpcEndpointType'] ?? 'Gateway') === 'Gateway')
    .map(({ key, properties }) => ({
      key,
      service: serviceOf(properties['ServiceName']),
      routeTables: referencesIn(properties['RouteTableIds']).map(({ target }) => target),
    }));
}

function hostProblems(hosts: readonly Host[]): string[] {
  return hosts.flatMap(({ key, subnets, groups }) => [
    ...(subnets.length === 0 ? [`${key} is in subnets that no template declares.`] : []),
    ...(groups?.length === 0 ? [`${key} is in security groups that no template declares.`] : []),
  ]);
}

/** Types that change what packets reach, or have network interfaces, and that the model does not know. */
const notModelled =
  /^AWS::(AutoScaling|GlobalAccelerator|NetworkFirewall|VpcLattice)::|^AWS::ElasticLoadBalancing::|^AWS::EC2::(Carrier|ClientVpn|Launch|LocalGateway|NetworkInterface|SpotFleet|TransitGateway|VPCPeering|VPN)/;

/** Types that name subnets without having a network interface in them. */
const namesSubnetsOnly = /^AWS::(EC2::Subnet|EC2::FlowLog|RDS::DBSubnetGroup)|^Custom::/;

function unknownTypes(assembly: Assembly): string[] {
  const subnets = new Set(assembly.ofType('AWS::EC2::Subnet').map(({ key }) => key));
  return assembly.resources
    .filter(
      (resource) =>
        notModelled.test(resource.type) ||
        (!namesSubnetsOnly.test(resource.type) &&
          placementOf(assembly, resource) === undefined &&
          referencesIn(resource.properties).some(({ target }) => subnets.has(target))),
    )
    .map(({ key, type }) => `${key} is a ${textOf(type)}, whose network is not modelled.`);
}
