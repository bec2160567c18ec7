import { Assembly } from '../../../lib/evidence/assembly';
import { type Node, type Reachability, reachabilityOf } from '../../../lib/evidence/reachability/reachability';
import { testAssembly, testSources } from '../../support/evidence/test-assembly';
import { builtProfiles } from '../../support/profile-contexts';

const cloudFront = 'com.amazonaws.global.cloudfront.origin-facing';

interface Expected {
  /** Who opens connections to the database. */
  readonly database: readonly string[];
  /** What the internet reaches without a host of the VPC before it. */
  readonly entrances: readonly string[];
  /** Who opens connections to the load balancer. */
  readonly loadBalancer: readonly string[];
  /** Who opens connections to the internet. */
  readonly outwards: readonly string[];
}

const expected: Readonly<Record<string, Expected>> = {
  flagship: {
    database: ['api-service-test1: tcp 5432', 'started by Migration5F7AA26C: tcp 5432'],
    entrances: [`${cloudFront} -> alb-test1: tcp 80`, 'internet -> ConsoleSiteDistribution05BAECF2: tcp 80, 443'],
    loadBalancer: ['ConsoleSiteDistribution05BAECF2: tcp 80', `${cloudFront}: tcp 80`],
    outwards: ['api-service-test1: tcp 443', 'started by Migration5F7AA26C: tcp 443'],
  },
  storefront: {
    database: [
      'api-service-test1: tcp 5432',
      'connection-string-rotation-function-test1: tcp 5432',
      'started by Migration5F7AA26C: tcp 5432',
    ],
    entrances: ['internet -> ConsoleSiteDistribution05BAECF2: tcp 80, 443', 'internet -> alb-test1: tcp 443'],
    // The load balancer is open to every address, which includes those of the tasks.
    loadBalancer: [
      'ConsoleSiteDistribution05BAECF2: tcp 443',
      'api-service-test1: tcp 443',
      'internet: tcp 443',
      'started by Migration5F7AA26C: tcp 443',
    ],
    outwards: ['api-service-test1: tcp 443', 'started by Migration5F7AA26C: tcp 443'],
  },
  metered: {
    database: [
      'api-service-test1: tcp 5432',
      'restore-drill-function-test1: tcp 5432',
      'started by Migration5F7AA26C: tcp 5432',
    ],
    entrances: ['internet -> rest-api-test1: tcp 443'],
    loadBalancer: ['vpc-link-test1: tcp 80'],
    outwards: [
      'api-service-test1: tcp 443',
      'computestacktest1-Deploymider-frameworkisComplete-5C19047C-test1: tcp 443',
      'computestacktest1-Deploymvider-frameworkonTimeout-B2F991EF-test1: tcp 443',
      'datastacktest1-RestoreDriider-frameworkisComplete-D75A8D40-test1: tcp 443',
      'datastacktest1-RestoreDrivider-frameworkonTimeout-BE641D4E-test1: tcp 443',
      'deployment-provider-function-test1: tcp 443',
      'deployment-start-function-test1: tcp 443',
      'deployment-wait-function-test1: tcp 443',
      'restore-drill-begin-function-test1: tcp 443',
      'restore-drill-end-function-test1: tcp 443',
      'restore-drill-provider-function-test1: tcp 443',
      'restore-drill-steps-function-test1: tcp 443',
      'started by Migration5F7AA26C: tcp 443',
    ],
  },
  partner: {
    database: [
      'DatabaseRotationSchedule3D13728C: tcp 5432',
      'function-api-key-rotation-test1: tcp 5432',
      'function-payment-consumer-test1: tcp 5432',
      'service-api-test1: tcp 5432',
      'started by Migration5F7AA26C: tcp 5432',
    ],
    entrances: ['internet -> rest-api-payments-test1: tcp 443'],
    loadBalancer: ['vpc-link-payments-test1: tcp 443'],
    outwards: [
      'VpcPublicSubnet1NatInstance57B636B8: tcp 443',
      'VpcPublicSubnet2NatInstance746890A7: tcp 443',
      'VpcPublicSubnet3NatInstance5D2D734C: tcp 443',
      'function-payment-consumer-test1: tcp 443',
      'service-api-test1: tcp 443',
      'started by Migration5F7AA26C: tcp 443',
    ],
  },
  compact: {
    database: ['service-api-test1: tcp 5432', 'started by Migration5F7AA26C: tcp 5432'],
    entrances: ['internet -> alb-payments-test1: tcp 443'],
    loadBalancer: ['internet: tcp 443', 'service-api-test1: tcp 443', 'started by Migration5F7AA26C: tcp 443'],
    outwards: ['service-api-test1: tcp 443', 'started by Migration5F7AA26C: tcp 443'],
  },
};

/** Questions to the graph, answered by names. */
function answersOf({ nodes, connections }: Reachability) {
  const node = (id: string) => nodes.find((each) => each.id === id);
  const nameOf = (id: string) => node(id)?.name ?? id;
  const isOf = (id: string, ...types: readonly Node['type'][]) => types.some((type) => type === node(id)?.type);
  const reaching = (type: Node['type']) =>
    connections.filter(({ to }) => isOf(to, type)).map(({ from, ports }) => `${nameOf(from)}: ${ports}`);
  return {
    database: reaching('database').sort(),
    entrances: connections
      .filter(({ from }) => isOf(from, 'internet', 'prefix list'))
      .map(({ from, to, ports }) => `${nameOf(from)} -> ${nameOf(to)}: ${ports}`)
      .sort(),
    loadBalancer: reaching('load balancer').sort(),
    outwards: reaching('internet').sort(),
  };
}

describe.each(builtProfiles)('%s', (profile) => {
  const reachability = reachabilityOf(testAssembly(profile));

  test('admits nobody but those who are listed', () => {
    expect(answersOf(reachability)).toEqual(expected[profile]);
  });

  test('lets the database start no connection', () => {
    const databases = reachability.nodes.filter(({ type }) => type === 'database').map(({ id }) => id);
    expect(databases).toHaveLength(1);
    expect(reachability.connections.filter(({ from }) => databases.includes(from))).toEqual([]);
  });

  test('has no network that the model does not know', () => {
    expect(reachability.problems).toEqual([]);
  });
});

test('gives the restored database to the drill only', () => {
  const { nodes, connections } = reachabilityOf(testAssembly('metered'));
  const restored = nodes.find(({ name }) => name === 'started by restore-drill-steps-function-test1')?.id;
  expect(connections.filter(({ from, to }) => [from, to].includes(restored ?? ''))).toEqual([
    expect.objectContaining({ from: 'Data/RestoreDrillVerificationFunctionEA856E0A', to: restored, ports: 'tcp 5432' }),
  ]);
});

test.each<[string, string, Record<string, unknown>, Partial<Expected>]>([
  [
    'a port of the database opened to everyone',
    'AWS::EC2::SecurityGroupIngress',
    {
      GroupId: { 'Fn::GetAtt': ['FirewallDatabase321E4C90', 'GroupId'] },
      CidrIp: '0.0.0.0/0',
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
    },
    { database: ['api-service-test1: tcp 443, 5432', 'started by Migration5F7AA26C: tcp 443, 5432'] },
  ],
  [
    'the load balancer opened to the internet',
    'AWS::EC2::SecurityGroupIngress',
    {
      GroupId: { 'Fn::GetAtt': ['FirewallLoadBalancerBFBE6103', 'GroupId'] },
      CidrIp: '0.0.0.0/0',
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
    },
    {
      entrances: [
        `${cloudFront} -> alb-test1: tcp 80`,
        'internet -> ConsoleSiteDistribution05BAECF2: tcp 80, 443',
        'internet -> alb-test1: tcp 22',
      ],
      loadBalancer: ['ConsoleSiteDistribution05BAECF2: tcp 80', `${cloudFront}: tcp 80`, 'internet: tcp 22'],
    },
  ],
])('sees %s of flagship', (_name, Type, Properties, seen) => {
  const sources = testSources('flagship').map((source) =>
    source.id === 'Network'
      ? {
          ...source,
          template: { ...source.template, Resources: { ...source.template.Resources, Added: { Type, Properties } } },
        }
      : source,
  );
  expect(answersOf(reachabilityOf(new Assembly(sources)))).toEqual({ ...expected['flagship'], ...seen });
});
