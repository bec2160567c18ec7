import type { Access, RoleAccess } from './access/access';
import type { ConditionalActions } from './access/group-by-conditions';
import type { Assembly, AssemblyResource } from './assembly';
import { internet, type Node, type Reachability } from './reachability/reachability';
import { targetsOf } from './reachability/template-values';
import { byCodeUnit } from './sort';

/** Ways to an API of AWS. */
export const servicePaths = ['interface endpoint', 'gateway endpoint', 'internet', 'none'] as const;

/** How a host of a VPC reaches a service of AWS that its roles may call. */
export interface ServiceAccess {
  readonly host: string;
  /** As endpoints name it: `ecr.api`. */
  readonly service: string;
  readonly path: (typeof servicePaths)[number];
}

/**
 * Services by IAM's prefix, where endpoints have other names. Layers of images come from S3. Database connections call no API.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
const endpointNames: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['monitoring'],
  ecr: ['ecr.api', 'ecr.dkr', 's3'],
  'rds-db': [],
};

/** The ways of every host to the services that its roles may call, sorted by code unit. */
export function serviceAccessOf(assembly: Assembly, network: Reachability, access: Access): ServiceAccess[] {
  return network.nodes
    .filter(({ placement }) => placement !== null)
    .flatMap((node) => {
      const roles = rolesOf(assembly, node, access);
      const services = new Set(roles.flatMap(({ grants }) => grants.flatMap((grant) => servicesOf(grant, node))));
      return [...services].map((service) => ({
        host: node.id,
        service,
        path: pathOf(assembly, network, node, service),
      }));
    })
    .sort(byCodeUnit(({ host, service }) => `${host} ${service}`));
}

/** The roles of a function, or of the task definition that a service or a custom resource runs. */
function rolesOf(assembly: Assembly, { id }: Node, { roles }: Access): RoleAccess[] {
  const resource = assembly.resources.find(({ key }) => key === id.replace(/ starts$/, ''));
  if (!resource) return [];
  const isStarted = id.endsWith(' starts');
  const definitions = definitionsOf(assembly, resource);
  const owners = isStarted || definitions.length > 0 ? definitions : [resource];
  const keys = owners.flatMap((owner) => targetsOf(assembly, owner.properties, 'AWS::IAM::Role')).map(({ key }) => key);
  return roles.filter(({ key }) => keys.includes(key));
}

/** Task definitions that a resource refers to; a service may also name one by its family. */
function definitionsOf(assembly: Assembly, resource: AssemblyResource): AssemblyResource[] {
  const family = resource.properties['TaskDefinition'];
  const named = assembly.ofType('AWS::ECS::TaskDefinition').filter(({ properties }) => properties['Family'] === family);
  return family !== undefined && named.length > 0
    ? named
    : targetsOf(assembly, resource.properties, 'AWS::ECS::TaskDefinition');
}

/** The services that a grant lets a host call itself. Others use a key for it, and Lambda writes its logs and its interfaces outside of the VPC. */
function servicesOf({ actions, conditions }: ConditionalActions, { type }: Node): string[] {
  const isUsedByService = conditions.length > 0 && conditions.every((each) => each.includes('kms:ViaService'));
  if (isUsedByService) return [];
  return actions
    .filter(
      (action) => type !== 'function' || !/^logs:|^ec2:.*(NetworkInterface|Subnets|PrivateIpAddresses)/.test(action),
    )
    .filter((action) => action !== 'iam:PassRole')
    .map((action) => action.split(':')[0] ?? '')
    .flatMap((prefix) => endpointNames[prefix] ?? [prefix]);
}

function pathOf(
  assembly: Assembly,
  { nodes, connections }: Reachability,
  { id }: Node,
  service: string,
): ServiceAccess['path'] {
  const own = connections.filter(({ from }) => from === id);
  const endpoint = nodes.find(
    ({ id: to, name, type }) =>
      name === service &&
      own.some((each) => each.to === to) &&
      (type === 'gateway endpoint' || hasPrivateName(assembly, to)),
  );
  if (endpoint) return endpoint.type === 'gateway endpoint' ? 'gateway endpoint' : 'interface endpoint';
  return own.some(({ to }) => to === internet) ? 'internet' : 'none';
}

/** Without private names, clients still resolve the public addresses of the service. */
function hasPrivateName(assembly: Assembly, endpoint: string): boolean {
  const { type, properties } = assembly.get(endpoint);
  return type === 'AWS::EC2::VPCEndpoint' && properties['PrivateDnsEnabled'] === true;
}
