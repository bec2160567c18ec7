import { PaymentVpc } from '../../lib/network/payment-vpc';
import { networkTier } from '../support/network-tier';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { testSettings, TestStack } from '../support/test-app';

const stack = networkTier();
const resources = new TemplateResources(stack);

interface Subnet {
  readonly id: string;
  readonly tier: string;
  readonly zone: number;
  readonly routeTable: string | undefined;
  readonly defaultRoute: Readonly<Record<string, unknown>> | undefined;
}

/** Each subnet with its tier, by its name, and where its traffic leaves. */
const subnets: Subnet[] = resources.entries('AWS::EC2::Subnet').map(([id, { Properties }]) => {
  const tags = Properties['Tags'] as { Key: string; Value: string }[];
  const name = tags.find(({ Key }) => Key === 'Name')?.Value ?? '';
  const [, tier = '', zone] = /^vpc-(\w+)-subnet(\d)-subnet-test1$/.exec(name) ?? [];
  const association = resources
    .properties('AWS::EC2::SubnetRouteTableAssociation')
    .filter(({ SubnetId }) => referenceOf(SubnetId) === id);
  expect(association).toHaveLength(1);
  const routeTable = referenceOf(association[0]?.['RouteTableId']);
  const routes = resources
    .properties('AWS::EC2::Route')
    .filter((route) => referenceOf(route['RouteTableId']) === routeTable);
  expect(routes.every(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0')).toBe(true);
  return { id, tier, zone: Number(zone), routeTable, defaultRoute: routes[0] };
});
const tier = (name: string) => subnets.filter((subnet) => subnet.tier === name);

test('has a public, an app and a data subnet in each of three zones', () => {
  const placed = subnets.map((subnet) => [
    subnet.tier,
    subnet.zone,
    resources.all[subnet.id]?.Properties['AvailabilityZone'],
  ]);
  const inZone = (name: string, zone: number) => [name, zone, { 'Fn::Select': [zone - 1, { 'Fn::GetAZs': '' }] }];
  expect(placed).toEqual(['public', 'app', 'data'].flatMap((name) => [1, 2, 3].map((zone) => inZone(name, zone))));
});

test('sizes app subnets for 4,096 addresses and others for 256', () => {
  const blocks = (name: string) => tier(name).map(({ id }) => resources.all[id]?.Properties['CidrBlock']);
  expect(blocks('public')).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']);
  expect(blocks('app')).toEqual(['10.0.16.0/20', '10.0.32.0/20', '10.0.48.0/20']);
  expect(blocks('data')).toEqual(['10.0.64.0/24', '10.0.65.0/24', '10.0.66.0/24']);
});

test('has a route table for every subnet', () => {
  expect(new Set(subnets.map(({ routeTable }) => routeTable)).size).toBe(9);
  resources.template.resourceCountIs('AWS::EC2::RouteTable', 9);
});

test('routes public subnets to the internet gateway and assigns no public addresses', () => {
  const [gateway] = resources.only('AWS::EC2::InternetGateway');
  for (const { id, defaultRoute } of tier('public')) {
    expect(referenceOf(defaultRoute?.['GatewayId'])).toBe(gateway);
    expect(resources.all[id]?.Properties['MapPublicIpOnLaunch']).toBe(false);
  }
});

test('routes each app subnet through the NAT gateway of its own zone', () => {
  const gateways = tier('app').map(({ zone, defaultRoute }) => {
    const gateway = referenceOf(defaultRoute?.['NatGatewayId']) ?? '';
    const publicSubnet = tier('public').find((subnet) => subnet.zone === zone);
    expect(referenceOf(resources.all[gateway]?.Properties['SubnetId'])).toBe(publicSubnet?.id);
    return gateway;
  });
  expect(new Set(gateways).size).toBe(3);
  resources.template.resourceCountIs('AWS::EC2::NatGateway', 3);
});

test('has no default route in data subnets', () => {
  expect(tier('data').map(({ defaultRoute }) => defaultRoute)).toEqual([undefined, undefined, undefined]);
});

test('passes the subnets of each tier to other tiers', () => {
  const { publicSubnets, appSubnets, dataSubnets, vpc } = stack;
  const offered = [publicSubnets, appSubnets, dataSubnets].map((selection) =>
    vpc.selectSubnets(selection).subnetIds.map((id) => referenceOf(stack.resolve(id))),
  );
  expect(offered).toEqual(['public', 'app', 'data'].map((name) => tier(name).map(({ id }) => id)));
});

test('removes all rules of the default security group', () => {
  const [vpcId, { Properties: vpc }] = resources.only('AWS::EC2::VPC');
  expect(vpc).toMatchObject({ CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: true });
  const [, { Properties }] = resources.only('Custom::VpcRestrictDefaultSG');
  expect(Properties['DefaultSecurityGroupId']).toEqual({ 'Fn::GetAtt': [vpcId, 'DefaultSecurityGroup'] });
});

test('supports another CIDR block, two zones, one NAT gateway and no data tier', () => {
  const other = new TestStack();
  const config = {
    ...testSettings().profile.network,
    cidr: '10.7.0.0/16',
    availabilityZoneCount: 2 as const,
    subnetTiers: 'public-app' as const,
    egress: { kind: 'nat-gateways' as const, count: 1 },
  };
  const vpc = new PaymentVpc(other, 'Vpc', { config, names: other.names });
  expect(vpc.dataTier).toEqual(vpc.appTier);
  const { template } = new TemplateResources(other);
  template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.7.0.0/16' });
  template.resourceCountIs('AWS::EC2::Subnet', 4);
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
});
