import type { Assembly, AssemblyResource } from '../assembly';
import { Reference, textOf } from '../values';
import { allAddresses } from './addresses';
import { cidrRange, portRange, protocolRange, recordsIn } from './template-values';
import type { GroupRule, Peer, SecurityGroup } from './topology';
import { allPorts, allProtocols } from './traffic';

/**
 * Reads every security group with the rules within it and those of resources of their own.
 *
 * EC2 gives a group without an outbound rule one that allows everything.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
 */
export function readSecurityGroups(assembly: Assembly): ReadonlyMap<string, SecurityGroup> {
  const declared = assembly.ofType('AWS::EC2::SecurityGroup').map((group) => {
    const { properties } = group;
    const inner = (property: string) =>
      recordsIn(properties[property]).map((rule) => ruleOf(assembly, group.key, rule, property));
    const outer = (type: string) =>
      assembly
        .ofType(`AWS::EC2::${type}`)
        .filter((rule) => groupKey(rule.properties['GroupId'] ?? rule.properties['GroupName']) === group.key)
        .map((rule) => ruleOf(assembly, rule.key, rule.properties, type));
    const egress = [...inner('SecurityGroupEgress'), ...outer('SecurityGroupEgress')];
    return {
      key: group.key,
      vpc: vpcKey(properties['VpcId']),
      ingress: [...inner('SecurityGroupIngress'), ...outer('SecurityGroupIngress')],
      egress: egress.length > 0 ? egress : [everywhere(group.key)],
    };
  });
  const defaults = assembly.ofType('AWS::EC2::VPC').map(defaultGroup);
  return new Map([...declared, ...defaults].map((group) => [group.key, group]));
}

/** The key of the group that a property names; text for a group of another template. */
export function groupKey(value: unknown): string {
  if (!(value instanceof Reference)) return textOf(value);
  return value.attribute === 'DefaultSecurityGroup' ? defaultGroupKey(value.target) : value.target;
}

/** The group of what names none. */
export function defaultGroupKey(vpc: string): string {
  return `${vpc}.DefaultSecurityGroup`;
}

/** A VPC's default group lets its members reach each other and everything else. */
function defaultGroup({ key: vpc }: AssemblyResource): SecurityGroup {
  const key = defaultGroupKey(vpc);
  const fromMembers = { resource: key, peer: { group: key }, protocol: allProtocols, port: allPorts };
  return { key, vpc, ingress: [fromMembers], egress: [everywhere(key)] };
}

const everywhere = (resource: string): GroupRule => ({
  resource,
  peer: { addresses: allAddresses },
  protocol: allProtocols,
  port: allPorts,
});

const vpcKey = (value: unknown) => (value instanceof Reference ? value.target : textOf(value));

function ruleOf(
  assembly: Assembly,
  resource: string,
  rule: Readonly<Record<string, unknown>>,
  direction: string,
): GroupRule {
  const protocol = protocolRange(rule['IpProtocol']);
  return {
    resource,
    peer: peerOf(assembly, rule, direction === 'SecurityGroupEgress' ? 'Destination' : 'Source'),
    protocol,
    port: portRange(protocol, rule['FromPort'], rule['ToPort']),
  };
}

function peerOf(assembly: Assembly, rule: Readonly<Record<string, unknown>>, side: 'Source' | 'Destination'): Peer {
  const group = rule[`${side}SecurityGroupId`] ?? rule[`${side}SecurityGroupName`];
  if (group !== undefined) return { group: groupKey(group) };
  const prefixList = rule[`${side}PrefixListId`];
  if (prefixList !== undefined) return { prefixList: prefixListName(assembly, prefixList) };
  if (rule['CidrIpv6'] !== undefined) return { addresses: cidrRange(assembly, rule['CidrIpv6'], 6) };
  return { addresses: cidrRange(assembly, rule['CidrIp'], 4) };
}

/** AWS's name of a list where a lookup of the assembly names it; otherwise what the template says. */
function prefixListName(assembly: Assembly, value: unknown): string {
  const lookup = value instanceof Reference ? assembly.get(value.target) : undefined;
  const [name] = /com\.amazonaws\.[\w.-]+/.exec(textOf(lookup?.properties ?? '')) ?? [];
  return name ?? textOf(value);
}
