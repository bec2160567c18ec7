import type { Assembly, AssemblyResource } from '../assembly';
import { referencesIn } from '../values';
import { type Placement, placementOf } from './placements';
import { defaultGroupKey, groupKey } from './read-security-groups';
import { nameOf, targetsOf } from './template-values';
import type { Host, SecurityGroup, Subnet } from './topology';

/** The declared parts of a network that hosts are in. */
export interface Places {
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly groups: ReadonlyMap<string, SecurityGroup>;
}

/** Reads everything that has network interfaces, and what other resources start in a security group. */
export function readHosts(assembly: Assembly, places: Places): Host[] {
  return assembly.resources.flatMap((resource) => {
    const placement = placementOf(assembly, resource);
    return [
      ...(placement ? [hostOf(assembly, places, resource, placement)] : []),
      ...startedHost(places, resource, placement),
    ];
  });
}

function hostOf(assembly: Assembly, places: Places, resource: AssemblyResource, placement: Placement): Host {
  const { type, isUnfiltered = false, isPublic = false, forwards = false, service } = placement;
  const subnets = found(
    places.subnets,
    targetsOf(assembly, placement.subnets, 'AWS::EC2::Subnet').map(({ key }) => key),
  );
  const named = groupKeys(placement.groups);
  const defaults = subnets.slice(0, 1).map(({ vpc }) => defaultGroupKey(vpc));
  return {
    key: resource.key,
    name: nameOf(resource),
    type,
    subnets,
    groups: isUnfiltered ? undefined : found(places.groups, named.length > 0 ? named : defaults),
    isPublic,
    forwards,
    service,
  };
}

/** Types that name a security group without anything being in it. */
const namesGroupsOnly = /^AWS::(EC2::SecurityGroup|IAM::)/;

/**
 * What a resource starts in groups that are not its own: the task of a custom resource, the database that a function restores.
 * Where nothing names its subnets, it may be in any subnet of the group's VPC.
 */
function startedHost(places: Places, resource: AssemblyResource, placement: Placement | undefined): Host[] {
  if (namesGroupsOnly.test(resource.type)) return [];
  const own = new Set(groupKeys(placement?.groups));
  const keys = new Set(
    referencesIn(resource.properties)
      .map(groupKey)
      .filter((key) => !own.has(key)),
  );
  const groups = found(places.groups, [...keys]).filter(({ key, vpc }) => key !== defaultGroupKey(vpc));
  if (groups.length === 0) return [];
  const vpcs = groups.map(({ vpc }) => vpc);
  const named = placement
    ? []
    : found(
        places.subnets,
        referencesIn(resource.properties).map(({ target }) => target),
      );
  return [
    {
      key: `${resource.key} starts`,
      name: `started by ${nameOf(resource)}`,
      type: 'started by a resource',
      subnets: named.length > 0 ? named : [...places.subnets.values()].filter(({ vpc }) => vpcs.includes(vpc)),
      groups,
      isPublic: false,
      forwards: false,
    },
  ];
}

/** The keys of groups that a property names, also where it is text with several ids. */
function groupKeys(value: unknown): string[] {
  return Array.isArray(value) ? value.map(groupKey) : referencesIn(value).map(groupKey);
}

function found<T>(all: ReadonlyMap<string, T>, keys: readonly string[]): T[] {
  return keys.flatMap((key) => all.get(key) ?? []);
}
