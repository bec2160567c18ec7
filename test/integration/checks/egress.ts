import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  type EC2Client,
  type Instance,
  type NatGateway,
} from '@aws-sdk/client-ec2';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** The egress of private subnets: NAT gateways or NAT instances. */
export interface DeployedEgress {
  readonly gateways: readonly NatGateway[];
  readonly instances: readonly Instance[];
}

/** Reads all of the network stack. */
export async function readEgress(client: EC2Client, network: StackResources): Promise<DeployedEgress> {
  const NatGatewayIds = [...network.all('AWS::EC2::NatGateway')];
  const InstanceIds = [...network.all('AWS::EC2::Instance')];
  // Without ids EC2 would answer with everything of the account.
  const { NatGateways: gateways = [] } =
    NatGatewayIds.length > 0 ? await client.send(new DescribeNatGatewaysCommand({ NatGatewayIds })) : {};
  const { Reservations: reservations = [] } =
    InstanceIds.length > 0 ? await client.send(new DescribeInstancesCommand({ InstanceIds })) : {};
  return { gateways, instances: reservations.flatMap(({ Instances = [] }) => Instances) };
}

/** NAT devices exist and all of them work. */
export function egressProblems({ gateways, instances }: DeployedEgress): string[] {
  return problems([
    [gateways.length + instances.length > 0, 'private subnets have no way to the internet'],
    ...gateways.map(
      ({ NatGatewayId = 'a NAT gateway', State }) =>
        [State === 'available', `${NatGatewayId} is ${State ?? 'without state'}, not available`] as const,
    ),
    ...instances.flatMap(({ InstanceId = 'a NAT instance', State, SourceDestCheck }) => [
      [State?.Name === 'running', `${InstanceId} is ${State?.Name ?? 'without state'}, not running`] as const,
      [SourceDestCheck === false, `${InstanceId} drops what is not meant for itself, which is all`] as const,
    ]),
  ]);
}
