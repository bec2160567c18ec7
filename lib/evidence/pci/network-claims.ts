import type { Assembly, AssemblyResource } from '../assembly';
import { attributesAt, listAt, property, shown, statementsOf, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Claim, forEach } from './claim';

const anywhere = ['0.0.0.0/0', '::/0'];

/** Rules of a security group, inline and as resources of their own. */
function rulesOf(group: AssemblyResource, assembly: Assembly, direction: 'Ingress' | 'Egress'): readonly unknown[] {
  const own = assembly
    .referrersOf(group.key, `AWS::EC2::SecurityGroup${direction}`)
    .filter((rule) => assembly.target(property(rule, 'GroupId'))?.key === group.key)
    .map(({ properties }) => properties);
  return [...listAt(group.properties, `SecurityGroup${direction}`), ...own];
}

const opensInternet = (rule: unknown): boolean =>
  [valueAt(rule, 'CidrIp'), valueAt(rule, 'CidrIpv6')].some((cidr) => anywhere.includes(textOf(cidr ?? '')));

const isHttps = (rule: unknown): boolean =>
  textOf(valueAt(rule, 'IpProtocol')) === 'tcp' &&
  [valueAt(rule, 'FromPort'), valueAt(rule, 'ToPort')].every((port) => Number(port) === 443);

function ruleText(rule: unknown): string {
  const peer = [
    'CidrIp',
    'CidrIpv6',
    'SourceSecurityGroupId',
    'DestinationSecurityGroupId',
    'SourcePrefixListId',
    'DestinationPrefixListId',
  ]
    .map((key) => valueAt(rule, key))
    .find((value) => value !== undefined);
  return `${textOf(valueAt(rule, 'IpProtocol'))} ${textOf(valueAt(rule, 'FromPort') ?? 'all')} ${textOf(peer ?? 'nobody')}`;
}

/** Whether a route table sends traffic to an internet gateway. */
function leadsToInternet(subnet: AssemblyResource, assembly: Assembly): boolean {
  const tables = assembly
    .referrersOf(subnet.key, 'AWS::EC2::SubnetRouteTableAssociation')
    .map((association) => assembly.target(property(association, 'RouteTableId'))?.key);
  return assembly
    .ofType('AWS::EC2::Route')
    .some(
      (route) =>
        tables.includes(assembly.target(property(route, 'RouteTableId'))?.key) &&
        assembly.target(property(route, 'GatewayId'))?.type === 'AWS::EC2::InternetGateway',
    );
}

/** Judges the routes of the subnets that a property lists. */
function judgeSubnets(resource: AssemblyResource, path: string, assembly: Assembly) {
  const subnets = listAt(resource.properties, path).map((subnet) => assembly.target(subnet));
  const known = subnets.filter((subnet) => subnet !== undefined);
  const open = known.filter((subnet) => leadsToInternet(subnet, assembly)).map(({ key }) => key);
  const isKnown = known.length > 0 && known.length === subnets.length;
  return {
    holds: isKnown && open.length === 0,
    detail:
      open.length > 0
        ? `route to the internet gateway: ${open.join(', ')}`
        : `${known.length} of ${subnets.length} subnets known, none with a route to an internet gateway`,
  };
}

/** Claims about the network. */
export const networkClaims: readonly Claim[] = [
  {
    id: 'internet-enters-by-https',
    requirements: ['1.2.5', '1.3.1', '1.4.2'],
    statement: 'A security group that admits the whole internet admits it on port 443 only.',
    subject: 'security groups',
    examine: forEach(['AWS::EC2::SecurityGroup'], (group, assembly) => {
      const rules = rulesOf(group, assembly, 'Ingress');
      const open = rules.filter((rule) => opensInternet(rule) && !isHttps(rule));
      return {
        holds: open.length === 0,
        detail: `inbound: ${(open.length > 0 ? open : rules).map(ruleText).join('; ') || 'nothing'}`,
      };
    }),
  },
  {
    id: 'internet-left-by-https',
    requirements: ['1.2.5', '1.3.2'],
    statement: 'A security group that lets traffic out to the whole internet lets it out on port 443 only.',
    subject: 'security groups',
    operator: 'Restrict the acquirer’s addresses further where the acquirer publishes them.',
    examine: forEach(['AWS::EC2::SecurityGroup'], (group, assembly) => {
      const rules = rulesOf(group, assembly, 'Egress');
      const open = rules.filter((rule) => opensInternet(rule) && !isHttps(rule));
      // EC2 adds a rule for all traffic to a group whose template has no outbound rule.
      const isDefault = rules.length === 0;
      return {
        holds: open.length === 0 && !isDefault,
        detail: isDefault
          ? 'outbound: all traffic, because the template has no rule'
          : `outbound: ${(open.length > 0 ? open : rules).map(ruleText).join('; ')}`,
      };
    }),
  },
  {
    id: 'default-group-closed',
    requirements: ['1.2.1', '1.3.1', '1.3.2'],
    statement: 'The default security group of each VPC admits nothing.',
    subject: 'VPCs',
    examine: forEach(['AWS::EC2::VPC'], (vpc, assembly) => {
      const closers = assembly.referrersOf(vpc.key, 'Custom::VpcRestrictDefaultSG').map(({ key }) => key);
      return {
        holds: closers.length > 0,
        detail: closers.length > 0 ? `emptied by ${closers.join(', ')}` : 'nothing empties the default security group',
      };
    }),
  },
  {
    id: 'database-not-public',
    requirements: ['1.4.4'],
    statement: 'No database instance has a public address.',
    subject: 'database instances',
    examine: forEach(['AWS::RDS::DBInstance'], (instance) => ({
      holds: property(instance, 'PubliclyAccessible') === false,
      detail: shown(instance, 'PubliclyAccessible'),
    })),
  },
  {
    id: 'database-subnets-private',
    requirements: ['1.2.1', '1.4.4'],
    statement: 'No subnet of a database has a route to an internet gateway.',
    subject: 'subnet groups of databases',
    examine: forEach(['AWS::RDS::DBSubnetGroup'], (group, assembly) => judgeSubnets(group, 'SubnetIds', assembly)),
  },
  {
    id: 'tasks-private',
    requirements: ['1.4.1', '1.4.2'],
    statement: 'Tasks have no public address, and their subnets have no route to an internet gateway.',
    subject: 'ECS services',
    examine: forEach(['AWS::ECS::Service'], (service, assembly) => {
      const subnets = judgeSubnets(service, 'NetworkConfiguration.AwsvpcConfiguration.Subnets', assembly);
      const isPrivate = property(service, 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp') === 'DISABLED';
      return {
        holds: isPrivate && subnets.holds,
        detail: `${isPrivate ? 'no public address' : 'public addresses'}; ${subnets.detail}`,
      };
    }),
  },
  {
    id: 'subnets-assign-no-addresses',
    requirements: ['1.4.2'],
    statement: 'No subnet gives public addresses to what starts in it.',
    subject: 'subnets',
    examine: forEach(['AWS::EC2::Subnet'], (subnet) => ({
      holds: property(subnet, 'MapPublicIpOnLaunch') !== true,
      detail: shown(subnet, 'MapPublicIpOnLaunch'),
    })),
  },
  {
    id: 'endpoints-limited',
    requirements: ['1.3.2', '7.2.1'],
    statement: 'Each VPC endpoint serves principals of this account only.',
    subject: 'VPC endpoints',
    examine: forEach(['AWS::EC2::VPCEndpoint'], (endpoint) => {
      const allowing = statementsOf(property(endpoint, 'PolicyDocument')).filter(({ isAllow }) => isAllow);
      // ECR and Amazon Linux keep layers and packages in buckets of AWS, which their names limit.
      const open = allowing.filter(
        ({ condition, actions, resources }) =>
          !JSON.stringify(condition).includes('aws:PrincipalAccount') &&
          (actions.includes('*') || resources.includes('*')),
      );
      const detail =
        allowing.length === 0
          ? 'no policy, so everyone'
          : `${allowing.length} statements, ${open.length} without a limit to the account`;
      return { holds: allowing.length > 0 && open.length === 0, detail };
    }),
  },
  {
    id: 'load-balancers-strict',
    requirements: ['1.2.6', '2.2.6'],
    statement: 'Each load balancer drops invalid headers and ambiguous requests.',
    subject: 'load balancers',
    examine: forEach(['AWS::ElasticLoadBalancingV2::LoadBalancer'], (balancer) => {
      const attributes = attributesAt(balancer, 'LoadBalancerAttributes');
      const names = ['routing.http.drop_invalid_header_fields.enabled', 'routing.http.desync_mitigation_mode'];
      const [drops, mode] = names.map((name) => textOf(attributes[name] ?? 'not set'));
      return {
        holds: drops === 'true' && mode === 'strictest',
        detail: `drop_invalid_header_fields: ${drops ?? ''}, desync_mitigation_mode: ${mode ?? ''}`,
      };
    }),
  },
];
