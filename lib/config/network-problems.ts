import { InstanceClass, InstanceSize } from 'aws-cdk-lib/aws-ec2';
import type { Problem } from './configuration-error';
import type { DeploymentProfile, NetworkConfig } from './deployment-profile';

/** The prefix length of the subnets of each tier. */
export const subnetPrefixLengths = { public: 24, app: 20, data: 24 } as const;

/** The subnet tiers of each layout, in the order of their allocation. */
export const subnetTiers = {
  'public-app-data': ['public', 'app', 'data'],
  'public-app': ['public', 'app'],
} as const satisfies Record<NetworkConfig['subnetTiers'], readonly (keyof typeof subnetPrefixLengths)[]>;

/** Prefix lengths that AWS allows for a VPC. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const vpcPrefixLengths = { largest: 16, smallest: 28 };

/** Problems of the CIDR block and the egress of a profile. */
export function networkProblems({ network }: DeploymentProfile): Problem[] {
  return [...cidrProblems(network), ...egressProblems(network)];
}

function egressProblems({ egress, availabilityZoneCount }: NetworkConfig): Problem[] {
  if ('instanceType' in egress) return instanceTypeProblems(egress.instanceType);
  if (egress.count <= availabilityZoneCount) return [];
  return [
    {
      field: 'network.egress.count',
      value: egress.count,
      message: `network.availabilityZoneCount is ${availabilityZoneCount}, and each zone has at most one NAT gateway. Lower the count to ${availabilityZoneCount} or less.`,
    },
  ];
}

function instanceTypeProblems(instanceType: string): Problem[] {
  const [family = '', size = '', ...rest] = instanceType.split('.');
  const known = isMember(InstanceClass, family) && isMember(InstanceSize, size) && rest.length === 0;
  if (known) return [];
  return [
    {
      field: 'network.egress.instanceType',
      value: instanceType,
      message: 'Use an EC2 instance type, such as t4g.small.',
    },
  ];
}

function isMember(values: Readonly<Record<string, string>>, value: string): boolean {
  return Object.values(values).includes(value);
}

function cidrProblems(network: NetworkConfig): Problem[] {
  const { cidr } = network;
  const [address = '', prefix = ''] = cidr.split('/');
  const refuse = (message: string): Problem[] => [{ field: 'network.cidr', value: cidr, message }];
  const prefixLength = Number(prefix);
  const { largest, smallest } = vpcPrefixLengths;
  if (prefixLength < largest || prefixLength > smallest) {
    return refuse(
      `The prefix length of a VPC is /${largest} to /${smallest}. Use ${networkAddress(address, largest)}/${largest}.`,
    );
  }
  const expected = networkAddress(address, prefixLength);
  if (expected !== address) {
    return refuse(
      `The address has bits set after the first ${prefixLength}, which AWS clears. Use ${expected}/${prefixLength}.`,
    );
  }
  const needed = neededPrefixLength(network);
  if (prefixLength <= needed) return [];
  return refuse(
    `It has no room for the subnets of ${network.availabilityZoneCount} Availability Zones. Use a block of /${needed} or larger, such as ${networkAddress(address, needed)}/${needed}.`,
  );
}

/** The network address of the block that contains `address`. */
function networkAddress(address: string, prefixLength: number): string {
  const size = 2 ** (32 - prefixLength);
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = value - (value % size);
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}

/** The longest prefix whose block has room for all subnets. CDK aligns each subnet to its own size. */
function neededPrefixLength({ subnetTiers: layout, availabilityZoneCount }: NetworkConfig): number {
  const end = subnetTiers[layout].reduce((offset, tier) => {
    const size = 2 ** (32 - subnetPrefixLengths[tier]);
    return (Math.ceil(offset / size) + availabilityZoneCount) * size;
  }, 0);
  return 32 - Math.ceil(Math.log2(end));
}
