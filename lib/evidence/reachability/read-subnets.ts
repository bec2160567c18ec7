import type { Assembly, AssemblyResource } from '../assembly';
import { Reference, textOf } from '../values';
import { allAddresses } from './addresses';
import { cidrRange, portRange, protocolRange, recordOf } from './template-values';
import type { AclEntry, Route, RouteTargetType, Subnet } from './topology';
import type { Range } from './ranges';
import { allPorts, allProtocols } from './traffic';

/** Reads every subnet with its routes and the entries of its network ACL. */
export function readSubnets(assembly: Assembly): ReadonlyMap<string, Subnet> {
  const tableOf = associations(assembly, 'AWS::EC2::SubnetRouteTableAssociation', 'RouteTableId');
  const aclOf = associations(assembly, 'AWS::EC2::SubnetNetworkAclAssociation', 'NetworkAclId');
  return new Map(
    assembly.ofType('AWS::EC2::Subnet').map((subnet) => {
      const { key, properties } = subnet;
      const [routeTable, acl] = [tableOf.get(key), aclOf.get(key)];
      return [
        key,
        {
          key,
          vpc: keyOf(properties['VpcId']),
          addresses: addressRanges(assembly, subnet),
          routeTable,
          routes: assembly
            .ofType('AWS::EC2::Route')
            .filter((route) => keyOf(route.properties['RouteTableId']) === routeTable)
            .map((route) => routeOf(assembly, route))
            .sort(smallestFirst),
          acl: acl === undefined ? defaultAcl : entriesOf(assembly, acl),
        },
      ];
    }),
  );
}

/** A network ACL that a VPC brings allows everything. */
const defaultAcl: readonly AclEntry[] = [true, false].map((isEgress) => ({
  number: 100,
  isEgress,
  allows: true,
  packets: [allAddresses, allProtocols, allPorts],
}));

const keyOf = (value: unknown) => (value instanceof Reference ? value.target : textOf(value));

/** What each subnet is associated with, by the keys of both. */
function associations(assembly: Assembly, type: string, property: string): ReadonlyMap<string, string> {
  return new Map(
    assembly.ofType(type).map(({ properties }) => [keyOf(properties['SubnetId']), keyOf(properties[property])]),
  );
}

function addressRanges(assembly: Assembly, { properties }: AssemblyResource) {
  const ipv6 = properties['Ipv6CidrBlock'];
  return [
    cidrRange(assembly, properties['CidrBlock'], 4),
    ...(ipv6 === undefined ? [] : [cidrRange(assembly, ipv6, 6)]),
  ];
}

const size = ({ destination: [first, last] }: Route) => last - first;
const smallestFirst = (left: Route, right: Route) => (size(left) < size(right) ? -1 : Number(size(left) > size(right)));

/** The target of a route, by the property that names it. */
const targetTypes: Readonly<Record<string, RouteTargetType>> = {
  NatGatewayId: 'forwarding host',
  InstanceId: 'forwarding host',
  EgressOnlyInternetGatewayId: 'egress-only gateway',
  GatewayId: 'internet gateway',
};

function routeOf(assembly: Assembly, { key, properties }: AssemblyResource): Route {
  const [property = ''] = Object.keys(targetTypes).filter((name) => properties[name] !== undefined);
  const gateway = assembly.target(properties[property]);
  const isInternetGateway = gateway === undefined || gateway.type === 'AWS::EC2::InternetGateway';
  const type = property === 'GatewayId' && !isInternetGateway ? undefined : targetTypes[property];
  return {
    destination: destinationOf(assembly, properties),
    target: { type: type ?? 'other network', key: gateway?.key ?? key },
  };
}

/** No template tells the addresses of a prefix list; they may be any. */
function destinationOf(assembly: Assembly, properties: AssemblyResource['properties']): Range {
  const { DestinationCidrBlock: ipv4, DestinationIpv6CidrBlock: ipv6, DestinationPrefixListId: list } = properties;
  if (list !== undefined) return allAddresses;
  return ipv4 === undefined ? cidrRange(assembly, ipv6, 6) : cidrRange(assembly, ipv4, 4);
}

function entriesOf(assembly: Assembly, acl: string): AclEntry[] {
  return assembly
    .ofType('AWS::EC2::NetworkAclEntry')
    .filter(({ properties }) => keyOf(properties['NetworkAclId']) === acl)
    .map(({ properties }) => {
      const protocol = protocolRange(properties['Protocol']);
      const { From, To } = recordOf(properties['PortRange']);
      const ipv6 = properties['Ipv6CidrBlock'];
      const addresses =
        ipv6 === undefined ? cidrRange(assembly, properties['CidrBlock'], 4) : cidrRange(assembly, ipv6, 6);
      return {
        number: Number(properties['RuleNumber']),
        isEgress: properties['Egress'] === true,
        allows: properties['RuleAction'] === 'allow',
        packets: [addresses, protocol, portRange(protocol, From, To)] as const,
      };
    })
    .sort((left, right) => left.number - right.number);
}
