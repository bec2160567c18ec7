import { Assembly } from '../../../lib/evidence/assembly';

/** The resources of a template, by logical id. */
export type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

/** An assembly of one stack, `Stack`, with these resources. */
export function assemblyWith(Resources: Resources): Assembly {
  const stack = { id: 'Stack', name: 'stack', region: 'eu-south-2', account: '111122223333' };
  return new Assembly([{ ...stack, template: { Resources } }]);
}

const ref = (Ref: string) => ({ Ref });

const subnet = (id: string, cidr: string): Resources => ({
  [`${id}Subnet`]: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: cidr } },
  [`${id}Routes`]: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  [`${id}Association`]: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref(`${id}Subnet`), RouteTableId: ref(`${id}Routes`) },
  },
});

/** A route to all addresses of IPv4. */
export const defaultRoute = (id: string, target: Record<string, unknown>): Resources => ({
  [`${id}DefaultRoute`]: {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: ref(`${id}Routes`), DestinationCidrBlock: '0.0.0.0/0', ...target },
  },
});

const group = (id: string): Resources => ({
  [`${id}Group`]: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: ref('Vpc'),
      SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }],
    },
  },
});

const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });

/** Rules on both sides that let the members of one group connect to those of another. */
export const rules = (from: string, to: string, port: number): Resources => ({
  [`${from}To${to}${port}`]: {
    Type: 'AWS::EC2::SecurityGroupEgress',
    Properties: { GroupId: ref(`${from}Group`), DestinationSecurityGroupId: ref(`${to}Group`), ...tcp(port) },
  },
  [`${to}From${from}${port}`]: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: { GroupId: ref(`${to}Group`), SourceSecurityGroupId: ref(`${from}Group`), ...tcp(port) },
  },
});

/** A rule of one group about a range of addresses. */
export const addressRule = (
  direction: 'Ingress' | 'Egress',
  id: string,
  port: number,
  range: Record<string, unknown> = { CidrIp: '0.0.0.0/0' },
): Resources => ({
  [`${id}${direction}${port}`]: {
    Type: `AWS::EC2::SecurityGroup${direction}`,
    Properties: { GroupId: ref(`${id}Group`), ...range, ...tcp(port) },
  },
});

/**
 * A network with three subnets: a load balancer for HTTPS in the public one, tasks in the private one, which send HTTPS through a NAT
 * gateway, and a database in the isolated one.
 */
export function threeTiers(): Resources {
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
    Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: ref('PublicSubnet') } },
    ...subnet('Public', '10.0.0.0/24'),
    ...subnet('Private', '10.0.1.0/24'),
    ...subnet('Isolated', '10.0.2.0/24'),
    ...defaultRoute('Public', { GatewayId: ref('Gateway') }),
    ...defaultRoute('Private', { NatGatewayId: ref('Nat') }),
    ...group('Alb'),
    ...group('Tasks'),
    ...group('Database'),
    ...addressRule('Ingress', 'Alb', 443),
    ...rules('Alb', 'Tasks', 3000),
    ...rules('Tasks', 'Database', 5432),
    ...addressRule('Egress', 'Tasks', 443),
    Alb: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Type: 'application', Subnets: [ref('PublicSubnet')], SecurityGroups: [ref('AlbGroup')] },
    },
    Tasks: {
      Type: 'AWS::ECS::Service',
      Properties: {
        NetworkConfiguration: {
          AwsvpcConfiguration: { Subnets: [ref('PrivateSubnet')], SecurityGroups: [ref('TasksGroup')] },
        },
      },
    },
    Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [ref('IsolatedSubnet')] } },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: { DBSubnetGroupName: ref('Subnets'), VPCSecurityGroups: [ref('DatabaseGroup')] },
    },
  };
}

/** A network ACL of a subnet with the given entries. */
export function networkAcl(id: string, entries: readonly AclEntry[]): Resources {
  const acl = `${id}Acl`;
  return {
    [acl]: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: ref('Vpc') } },
    [`${acl}Association`]: {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { SubnetId: ref(`${id}Subnet`), NetworkAclId: ref(acl) },
    },
    ...Object.fromEntries(
      entries.map(({ number, direction, action, cidr = '0.0.0.0/0', ports }) => [
        `${acl}${direction}${number}`,
        {
          Type: 'AWS::EC2::NetworkAclEntry',
          Properties: {
            NetworkAclId: ref(acl),
            RuleNumber: number,
            Egress: direction === 'out',
            RuleAction: action,
            CidrBlock: cidr,
            ...(ports ? { Protocol: 6, PortRange: { From: ports[0], To: ports[1] } } : { Protocol: -1 }),
          },
        },
      ]),
    ),
  };
}

interface AclEntry {
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly action: 'allow' | 'deny';
  readonly cidr?: string;
  /** TCP ports. @default all protocols */
  readonly ports?: readonly [from: number, to: number];
}
