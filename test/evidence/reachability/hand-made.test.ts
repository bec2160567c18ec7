import { reachabilityOf } from '../../../lib/evidence/reachability/reachability';
import { connectionLines } from '../../support/evidence/connection-lines';
import {
  addressRule,
  assemblyWith,
  defaultRoute,
  networkAcl,
  type Resources,
  rules,
  threeTiers,
} from '../../support/evidence/hand-made-network';

const known = [
  'Alb -> Tasks: tcp 3000',
  'Tasks -> Alb: tcp 443',
  'Tasks -> Database: tcp 5432',
  'Tasks -> internet: tcp 443',
  'internet -> Alb: tcp 443',
];

test('knows the connections of three tiers', () => {
  expect(connectionLines(assemblyWith(threeTiers()))).toEqual(known);
});

test('names the rules that allow a connection and the gateways that it passes', () => {
  const { connections, nodes, problems } = reachabilityOf(assemblyWith(threeTiers()));
  expect(connections).toContainEqual({
    from: 'Stack/Tasks',
    to: 'internet',
    ports: 'tcp 443',
    addresses: 'anywhere',
    via: ['Stack/Nat', 'Stack/Gateway'],
    rules: ['Stack/TasksEgress443'],
  });
  expect(connections).toContainEqual(
    expect.objectContaining({
      to: 'Stack/Database',
      rules: ['Stack/TasksToDatabase5432', 'Stack/DatabaseFromTasks5432'],
    }),
  );
  expect(nodes.map(({ name, placement }) => [name, placement])).toEqual([
    ['Alb', 'public'],
    ['Database', 'isolated'],
    ['Nat', 'public'],
    ['Tasks', 'private'],
    ['internet', null],
  ]);
  expect(problems).toEqual([]);
});

const ref = (Ref: string) => ({ Ref });
const withProperties = (id: string, properties: Record<string, unknown>): Resources => {
  const resource = threeTiers()[id];
  if (!resource) throw new Error(`There is no ${id}.`);
  return { [id]: { ...resource, Properties: { ...resource.Properties, ...properties } } };
};
const without =
  (...ids: readonly string[]) =>
  (resources: Resources) =>
    Object.fromEntries(Object.entries(resources).filter(([id]) => !ids.includes(id)));

const ephemeral = [1024, 65_535] as const;
/** An ACL that admits the tasks to the database, and their responses. */
const tightAcl = networkAcl('Isolated', [
  { number: 100, direction: 'in', action: 'allow', cidr: '10.0.1.0/24', ports: [5432, 5432] },
  { number: 100, direction: 'out', action: 'allow', cidr: '10.0.1.0/24', ports: ephemeral },
]);

const publicDatabase = {
  ...withProperties('Database', { PubliclyAccessible: true }),
  ...addressRule('Ingress', 'Database', 5432),
};
const natInstance = (properties: Record<string, unknown>): Resources => ({
  ...defaultRoute('Private', { InstanceId: ref('Forwarder') }),
  ForwarderGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ CidrIp: '10.0.1.0/24', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }],
    },
  },
  Forwarder: {
    Type: 'AWS::EC2::Instance',
    Properties: {
      SourceDestCheck: false,
      NetworkInterfaces: [
        { SubnetId: ref('PublicSubnet'), GroupSet: [ref('ForwarderGroup')], AssociatePublicIpAddress: true },
      ],
      ...properties,
    },
  },
});

interface Mutation {
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly change: Resources | ((resources: Resources) => Resources);
}

const mutations: Readonly<Record<string, Mutation>> = {
  'a port opened between tiers': {
    change: rules('Alb', 'Database', 22),
    added: ['Alb -> Database: tcp 22'],
  },
  'a port opened on one side only': {
    change: without('DatabaseFromTasks5432'),
    removed: ['Tasks -> Database: tcp 5432'],
  },
  'a range of ports opened to the internet': {
    change: {
      AlbOpen: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: ref('AlbGroup'), CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 8000, ToPort: 8010 },
      },
    },
    added: ['internet -> Alb: tcp 443, 8000-8010'],
    removed: ['internet -> Alb: tcp 443'],
  },
  'all protocols opened to the internet': {
    change: {
      AlbOpen: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: ref('AlbGroup'), CidrIp: '0.0.0.0/0', IpProtocol: -1 },
      },
    },
    added: ['internet -> Alb: all protocols'],
    removed: ['internet -> Alb: tcp 443'],
  },
  'a part of the internet admitted': {
    change: addressRule('Ingress', 'Alb', 443, { CidrIp: '198.51.100.0/25' }),
    added: ['internet -> Alb: tcp 443 of 198.51.100.0/25'],
    removed: ['internet -> Alb: tcp 443', 'Tasks -> Alb: tcp 443'],
  },
  'private addresses admitted, which the internet has not': {
    change: addressRule('Ingress', 'Alb', 443, { CidrIp: '10.0.0.0/8' }),
    removed: ['internet -> Alb: tcp 443'],
  },
  'a group without rules of its own, which EC2 lets send everything': {
    change: withProperties('DatabaseGroup', { SecurityGroupEgress: undefined }),
    added: ['Database -> Alb: tcp 443'],
  },
  'the same in a subnet with a way out': {
    change: {
      ...withProperties('DatabaseGroup', { SecurityGroupEgress: undefined }),
      ...defaultRoute('Isolated', { NatGatewayId: ref('Nat') }),
    },
    added: ['Database -> Alb: tcp 443', 'Database -> internet: all protocols'],
  },
  'a route to the internet without a public address': {
    change: defaultRoute('Private', { GatewayId: ref('Gateway') }),
    removed: ['Tasks -> internet: tcp 443'],
  },
  'a route to the internet and a public address': {
    change: {
      ...defaultRoute('Private', { GatewayId: ref('Gateway') }),
      Tasks: {
        Type: 'AWS::ECS::Service',
        Properties: {
          NetworkConfiguration: {
            AwsvpcConfiguration: {
              Subnets: [ref('PrivateSubnet')],
              SecurityGroups: [ref('TasksGroup')],
              AssignPublicIp: 'ENABLED',
            },
          },
        },
      },
      ...addressRule('Ingress', 'Tasks', 3000),
    },
    added: ['internet -> Tasks: tcp 3000'],
  },
  'a public database in an isolated subnet': { change: publicDatabase },
  'a public database with a route': {
    change: { ...publicDatabase, ...defaultRoute('Isolated', { GatewayId: ref('Gateway') }) },
    added: ['internet -> Database: tcp 5432'],
  },
  'a private load balancer': {
    change: withProperties('Alb', { Scheme: 'internal' }),
    removed: ['internet -> Alb: tcp 443'],
  },
  'a private NAT gateway': {
    change: withProperties('Nat', { ConnectivityType: 'private' }),
    removed: ['Tasks -> internet: tcp 443'],
  },
  'a route to a part of the internet': {
    change: {
      PrivateDefaultRoute: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: ref('PrivateRoutes'),
          DestinationCidrBlock: '198.51.100.0/24',
          NatGatewayId: ref('Nat'),
        },
      },
    },
    added: ['Tasks -> internet: tcp 443 of 198.51.100.0/24'],
    removed: ['Tasks -> internet: tcp 443'],
  },
  'a smaller route that takes a part of it elsewhere': {
    change: {
      Elsewhere: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: ref('PrivateRoutes'),
          DestinationCidrBlock: '128.0.0.0/1',
          TransitGatewayId: 'tgw-1',
        },
      },
      ...addressRule('Egress', 'Tasks', 443, { CidrIp: '127.0.0.0/7' }),
    },
    removed: ['Tasks -> internet: tcp 443', 'Tasks -> Alb: tcp 443'],
    // 126.0.0.0/8 is public, 127.0.0.0/8 is not.
    added: ['Tasks -> internet: tcp 443 of 126.0.0.0/8'],
  },
  'a NAT instance': {
    change: natInstance({}),
    added: ['Forwarder -> Alb: tcp 443', 'Forwarder -> internet: all protocols', 'Tasks -> Forwarder: tcp 443'],
  },
  'a NAT instance that EC2 stops from forwarding': {
    change: natInstance({ SourceDestCheck: true }),
    added: ['Forwarder -> Alb: tcp 443', 'Forwarder -> internet: all protocols', 'Tasks -> Forwarder: tcp 443'],
    removed: ['Tasks -> internet: tcp 443'],
  },
  'a network ACL that admits what groups do': { change: tightAcl },
  'a network ACL without the responses': {
    change: { ...tightAcl, ...networkAcl('Isolated', [{ number: 1, direction: 'out', action: 'deny' }]) },
    removed: ['Tasks -> Database: tcp 5432'],
  },
  'a network ACL that denies before it allows': {
    change: {
      ...tightAcl,
      ...networkAcl('Isolated', [{ number: 1, direction: 'in', action: 'deny', cidr: '10.0.0.0/8' }]),
    },
    removed: ['Tasks -> Database: tcp 5432'],
  },
  'a network ACL that denies after it allows': {
    change: { ...tightAcl, ...networkAcl('Isolated', [{ number: 200, direction: 'in', action: 'deny' }]) },
  },
  'a network ACL of the load balancer for a part of the internet': {
    change: networkAcl('Public', [
      { number: 1, direction: 'in', action: 'allow', cidr: '198.51.100.0/24' },
      { number: 2, direction: 'in', action: 'allow', cidr: '10.0.0.0/16' },
      { number: 1, direction: 'out', action: 'allow' },
    ]),
    removed: ['internet -> Alb: tcp 443', 'Tasks -> internet: tcp 443'],
    added: ['internet -> Alb: tcp 443 of 198.51.100.0/24', 'Tasks -> internet: tcp 443 of 198.51.100.0/24'],
  },
  'a prefix list, whose addresses no template tells': {
    change: addressRule('Ingress', 'Alb', 443, { SourcePrefixListId: 'pl-1' }),
    removed: ['internet -> Alb: tcp 443', 'Tasks -> Alb: tcp 443'],
    added: ['pl-1 -> Alb: tcp 443'],
  },
  'a gateway endpoint': {
    change: {
      S3: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: { ServiceName: 'com.amazonaws.eu-south-2.s3', RouteTableIds: [ref('PrivateRoutes')] },
      },
    },
    added: ['Tasks -> s3: tcp 443'],
  },
  'an interface endpoint in the default group, whose members reach each other': {
    change: {
      Sqs: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.eu-south-2.sqs',
          SubnetIds: [ref('PrivateSubnet')],
        },
      },
      Sweeper: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: { SubnetIds: [ref('PrivateSubnet')] } } },
    },
    added: [
      'Sweeper -> Alb: tcp 443',
      'Sweeper -> internet: all protocols',
      'Sweeper -> sqs: all protocols',
      'sqs -> Alb: tcp 443',
      'sqs -> Sweeper: all protocols',
      'sqs -> internet: all protocols',
    ],
  },
  'a function that another resource starts in a group': {
    change: {
      Job: { Type: 'Custom::Job', Properties: { Subnets: [ref('PrivateSubnet')], Groups: [ref('TasksGroup')] } },
    },
    added: [
      'Alb -> started by Job: tcp 3000',
      'started by Job -> Alb: tcp 443',
      'started by Job -> Database: tcp 5432',
      'started by Job -> internet: tcp 443',
    ],
  },
  'IPv6 in a private subnet, which routes through an egress-only gateway': {
    change: {
      ...withProperties('PrivateSubnet', { Ipv6CidrBlock: '2001:db8:0:1::/64' }),
      ...addressRule('Egress', 'Tasks', 80, { CidrIpv6: '::/0' }),
      Ipv6Route: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: ref('PrivateRoutes'),
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: ref('EgressOnly'),
        },
      },
      EgressOnly: { Type: 'AWS::EC2::EgressOnlyInternetGateway', Properties: { VpcId: ref('Vpc') } },
    },
    added: ['Tasks -> internet: tcp 80, 443'],
    removed: ['Tasks -> internet: tcp 443'],
  },
  'IPv6 with an internet gateway, where every address is public': {
    change: {
      ...withProperties('PrivateSubnet', { Ipv6CidrBlock: '2001:db8:0:1::/64' }),
      ...addressRule('Egress', 'Tasks', 80, { CidrIpv6: '2001:db8:ff::/48' }),
      Ipv6Route: {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref('PrivateRoutes'), DestinationIpv6CidrBlock: '::/0', GatewayId: ref('Gateway') },
      },
    },
    added: ['Tasks -> internet: tcp 80, 443'],
    removed: ['Tasks -> internet: tcp 443'],
  },
  'a range that only a deployment knows, which may be any': {
    change: {
      ...addressRule('Ingress', 'Database', 5432, { CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }),
      ...addressRule('Egress', 'Alb', 5432, { CidrIp: { 'Fn::GetAtt': ['Lookup', 'Cidr'] } }),
      Lookup: { Type: 'Custom::Lookup', Properties: {} },
    },
    added: ['Alb -> Database: tcp 5432', 'Alb -> internet: tcp 5432'],
  },
  'a loop of routes, which ends': {
    change: {
      ...natInstance({
        SubnetId: ref('PrivateSubnet'),
        NetworkInterfaces: [],
        SecurityGroupIds: [ref('ForwarderGroup')],
      }),
    },
    added: ['Forwarder -> Alb: tcp 443', 'Tasks -> Forwarder: tcp 443'],
    removed: ['Tasks -> internet: tcp 443'],
  },
  'an instance with an elastic address': {
    change: {
      Bastion: {
        Type: 'AWS::EC2::Instance',
        Properties: { SubnetId: ref('PublicSubnet'), SecurityGroupIds: [ref('AlbGroup')] },
      },
      Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: ref('Bastion') } },
    },
    added: ['Bastion -> Tasks: tcp 3000', 'Tasks -> Bastion: tcp 443', 'internet -> Bastion: tcp 443'],
  },
  'an instance in a subnet that gives out public addresses': {
    change: {
      ...withProperties('PublicSubnet', { MapPublicIpOnLaunch: true }),
      Bastion: {
        Type: 'AWS::EC2::Instance',
        Properties: { SubnetId: ref('PublicSubnet'), SecurityGroupIds: [ref('AlbGroup')] },
      },
    },
    added: ['Bastion -> Tasks: tcp 3000', 'Tasks -> Bastion: tcp 443', 'internet -> Bastion: tcp 443'],
  },
  'a network load balancer without groups': {
    change: {
      Alb: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Type: 'network', SubnetMappings: [{ SubnetId: ref('PublicSubnet') }] },
      },
    },
    added: ['Alb -> internet: all protocols', 'internet -> Alb: all protocols'],
    removed: ['Alb -> Tasks: tcp 3000', 'internet -> Alb: tcp 443'],
  },
  'a proxy of the database': {
    change: {
      ...rules('Alb', 'Database', 5432),
      Proxy: {
        Type: 'AWS::RDS::DBProxy',
        Properties: { VpcSubnetIds: [ref('PrivateSubnet')], VpcSecurityGroupIds: [ref('TasksGroup')] },
      },
    },
    added: [
      'Alb -> Database: tcp 5432',
      'Alb -> Proxy: tcp 3000',
      'Proxy -> Alb: tcp 443',
      'Proxy -> Database: tcp 5432',
      'Proxy -> internet: tcp 443',
    ],
  },
  'a public instance of a cluster': {
    change: {
      Database: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { DBSubnetGroupName: ref('Subnets'), VpcSecurityGroupIds: [ref('DatabaseGroup')] },
      },
      Writer: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBClusterIdentifier: ref('Database'), PubliclyAccessible: true },
      },
      ...defaultRoute('Isolated', { GatewayId: ref('Gateway') }),
      ...addressRule('Ingress', 'Database', 5432),
    },
    added: ['internet -> Database: tcp 5432'],
  },
  'APIs and function URLs': {
    change: {
      Sweeper: { Type: 'AWS::Lambda::Function', Properties: {} },
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Sweeper', 'Arn'] } } },
      Link: {
        Type: 'AWS::ApiGatewayV2::VpcLink',
        Properties: { SubnetIds: [ref('PrivateSubnet')], SecurityGroupIds: [ref('AlbGroup')] },
      },
      Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'http-api' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { ApiId: ref('Http'), ConnectionId: ref('Link') },
      },
      Private: { Type: 'AWS::ApiGateway::RestApi', Properties: { EndpointConfiguration: { Types: ['PRIVATE'] } } },
    },
    added: [
      'Link -> Tasks: tcp 3000',
      'Tasks -> Link: tcp 443',
      'Url -> Sweeper: tcp 443',
      'http-api -> Link: tcp 443',
      'internet -> Url: tcp 443',
      'internet -> http-api: tcp 443',
    ],
  },
  'a distribution with an origin in the VPC and one behind a record': {
    change: {
      ...withProperties('Alb', { Scheme: 'internal' }),
      Record: {
        Type: 'AWS::Route53::RecordSet',
        Properties: { Name: 'api.example.com.', AliasTarget: { DNSName: { 'Fn::GetAtt': ['Alb', 'DNSName'] } } },
      },
      Inside: {
        Type: 'AWS::CloudFront::VpcOrigin',
        Properties: { VpcOriginEndpointConfig: { Arn: ref('Alb'), HTTPPort: 8080 } },
      },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
            Origins: [
              { DomainName: 'api.example.com', CustomOriginConfig: { HTTPSPort: 8443 } },
              { DomainName: 'inside', VpcOriginConfig: { VpcOriginId: { 'Fn::GetAtt': ['Inside', 'Id'] } } },
            ],
          },
        },
      },
    },
    added: ['Site -> Alb: tcp 443', 'Site -> Alb: tcp 8443', 'internet -> Site: tcp 80, 443'],
    removed: ['internet -> Alb: tcp 443'],
  },
  'a distribution in front of the load balancer': {
    change: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only' },
            Origins: [
              {
                DomainName: { 'Fn::GetAtt': ['Alb', 'DNSName'] },
                CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
              },
              {
                DomainName: { 'Fn::GetAtt': ['Alb', 'DNSName'] },
                CustomOriginConfig: { OriginProtocolPolicy: 'http-only' },
              },
              { DomainName: 'elsewhere.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
            ],
          },
        },
      },
    },
    added: ['Site -> Alb: tcp 443', 'Site -> elsewhere.example.com: tcp 443', 'internet -> Site: tcp 443'],
  },
};

test.each(Object.entries(mutations))('sees %s', (_name, { change, added = [], removed = [] }) => {
  const mutated = typeof change === 'function' ? change(threeTiers()) : { ...threeTiers(), ...change };
  const lines = connectionLines(assemblyWith(mutated));
  expect({
    added: lines.filter((line) => !known.includes(line)).sort(),
    removed: known.filter((line) => !lines.includes(line)),
  }).toEqual({ added: [...added].sort(), removed: [...removed].sort() });
});

test.each<[string, Resources, string]>([
  [
    'a type that it does not model',
    { Peering: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: ref('Vpc') } } },
    'Stack/Peering is a AWS::EC2::VPCPeeringConnection, whose network is not modelled.',
  ],
  [
    'an unknown type in a subnet',
    { Files: { Type: 'AWS::EFS::MountTarget', Properties: { SubnetId: ref('PrivateSubnet') } } },
    'Stack/Files is a AWS::EFS::MountTarget, whose network is not modelled.',
  ],
  [
    'a subnet of another template',
    {
      Sweeper: {
        Type: 'AWS::Lambda::Function',
        Properties: { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [ref('TasksGroup')] } },
      },
    },
    'Stack/Sweeper is in subnets that no template declares.',
  ],
  [
    'a security group of another template',
    {
      Sweeper: {
        Type: 'AWS::Lambda::Function',
        Properties: { VpcConfig: { SubnetIds: [ref('PrivateSubnet')], SecurityGroupIds: ['sg-1'] } },
      },
    },
    'Stack/Sweeper is in security groups that no template declares.',
  ],
])('reports %s', (_name, added, problem) => {
  expect(reachabilityOf(assemblyWith({ ...threeTiers(), ...added })).problems).toEqual([problem]);
});
