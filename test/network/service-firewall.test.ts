import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ownDomain } from '../support/compute-tier';
import { networkTier } from '../support/network-tier';
import { referenceOf, TemplateResources } from '../support/template-resources';

type Rule = Readonly<Record<string, unknown>>;

const stack = networkTier();
// Grants of other tiers must not change the rules.
const { loadBalancer, tasks, database: databaseGroup } = stack.securityGroups;
for (const group of [loadBalancer, tasks, databaseGroup]) {
  group.addIngressRule(Peer.anyIpv4(), Port.SSH);
  group.addEgressRule(Peer.anyIpv4(), Port.SSH);
}

/** Every rule of every group of a template, wherever it is declared, as `group <- peer protocol port`. */
function table(resources: TemplateResources, direction: 'Ingress' | 'Egress'): string[] {
  const arrow = direction === 'Ingress' ? '<-' : '->';
  const nameOf = (id: string | undefined) => resources.all[id ?? '']?.Properties['GroupName'] as string;
  const peerOf = ({ CidrIp, SourceSecurityGroupId, DestinationSecurityGroupId, SourcePrefixListId }: Rule) => {
    const group = SourceSecurityGroupId ?? DestinationSecurityGroupId;
    if (group !== undefined) return nameOf(referenceOf(group));
    return SourcePrefixListId === undefined
      ? String(CidrIp)
      : `prefix list of ${referenceOf(SourcePrefixListId) ?? '?'}`;
  };
  const line = (groupId: string | undefined, rule: Rule) =>
    `${nameOf(groupId)} ${arrow} ${peerOf(rule)} ${String(rule['IpProtocol'])} ${String(rule['FromPort'])}-${String(rule['ToPort'])}`;
  const inline = resources
    .entries('AWS::EC2::SecurityGroup')
    .flatMap(([id, { Properties }]) =>
      ((Properties[`SecurityGroup${direction}`] ?? []) as Rule[]).map((rule) => line(id, rule)),
    );
  const standalone = resources
    .properties(`AWS::EC2::SecurityGroup${direction}`)
    .map((rule) => line(referenceOf(rule['GroupId']), rule));
  return [...inline, ...standalone].sort();
}

const [alb, api, database, endpoint] = ['alb', 'api', 'database', 'endpoint'].map(
  (name) => `${name}-security-group-test1`,
);
const resources = new TemplateResources(stack);
const lookup = resources.only('Custom::AWS')[0];
/** CDK's rule for a group without egress: an address that does not exist. */
const nowhere = '255.255.255.255/32 icmp 252-86';

test('allows CloudFront to load balancer to tasks to database and AWS services, and nothing else', () => {
  expect(table(resources, 'Ingress')).toEqual([
    `${alb} <- prefix list of ${lookup} tcp 80-80`,
    `${api} <- ${alb} tcp 3000-3000`,
    `${database} <- ${api} tcp 5432-5432`,
    `${endpoint} <- ${api} tcp 443-443`,
  ]);
});

test('allows outbound traffic only to the next hop, and HTTPS from tasks', () => {
  expect(table(resources, 'Egress')).toEqual([
    `${alb} -> ${api} tcp 3000-3000`,
    `${api} -> 0.0.0.0/0 tcp 443-443`,
    `${api} -> ${database} tcp 5432-5432`,
    `${api} -> ${endpoint} tcp 443-443`,
    `${database} -> ${nowhere}`,
    `${endpoint} -> ${nowhere}`,
  ]);
});

test('creates four security groups with name and description', () => {
  const groups = resources.properties('AWS::EC2::SecurityGroup');
  expect(groups.map(({ GroupName }) => GroupName).sort()).toEqual([alb, api, database, endpoint]);
  for (const { GroupDescription } of groups) expect(GroupDescription).toMatch(/\w+ \w+/);
});

test('opens port 443 instead of 80 with a certificate', () => {
  const encrypted = new TemplateResources(networkTier(ownDomain));
  expect(table(encrypted, 'Ingress')).toContain(`${alb} <- prefix list of ${lookup} tcp 443-443`);
  expect(table(encrypted, 'Ingress')).toHaveLength(4);
});

test('passes the security groups to other tiers', () => {
  const seen = [loadBalancer, tasks, databaseGroup].map(({ securityGroupId }) => {
    const id = referenceOf(stack.resolve(securityGroupId)) ?? '';
    return resources.all[id]?.Properties['GroupName'];
  });
  expect(seen).toEqual([alb, api, database]);
});

test('allows only the VPC link to the load balancer behind an API Gateway', () => {
  const tier = networkTier({ profile: 'metered', ...ownDomain });
  const behind = new TemplateResources(tier);
  const link = 'vpc-link-security-group-test1';
  const [ingress, egress] = [table(behind, 'Ingress'), table(behind, 'Egress')];
  expect(ingress.filter((line) => line.startsWith(alb ?? ''))).toEqual([`${alb} <- ${link} tcp 443-443`]);
  expect(ingress.filter((line) => line.startsWith(link))).toEqual([]);
  expect(egress.filter((line) => line.startsWith(link))).toEqual([`${link} -> ${alb} tcp 443-443`]);
  expect(table(new TemplateResources(networkTier({ profile: 'metered' })), 'Ingress')).toContain(
    `${alb} <- ${link} tcp 80-80`,
  );
  const seen = referenceOf(tier.resolve(tier.securityGroups.vpcLink?.securityGroupId)) ?? '';
  expect(behind.all[seen]?.Properties['GroupName']).toBe(link);
  expect(stack.securityGroups.vpcLink).toBeUndefined();
});
