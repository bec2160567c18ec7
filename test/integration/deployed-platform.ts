import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type FlatOutputs, readFlatOutputs } from './flat-outputs';
import { StackResources } from './stack-resources';

/** The tiers, which every deployment has. */
type Tier = 'Network' | 'Data' | 'Compute' | 'Edge' | 'Observability';

/** One stack of the deployment. */
export interface DeployedStack {
  readonly name: string;
  readonly region: string;
  readonly resources: StackResources;
  /** Its customer managed keys. */
  readonly keyIds: readonly string[];
}

/** A deployment: its outputs and the resources of its stacks. */
export interface DeployedPlatform {
  readonly outputs: FlatOutputs;
  readonly stacks: Readonly<Record<Tier, DeployedStack>>;
  /** The replica stack in another region, if there is one. */
  readonly replica: DeployedStack | undefined;
  /** Every stack of this deployment. */
  readonly all: readonly DeployedStack[];
}

/** Lists the stacks that the outputs name. */
export async function deployedPlatform(): Promise<DeployedPlatform> {
  const outputs = readFlatOutputs();
  const stack = async (name: string, region: string): Promise<DeployedStack> => {
    const resources = await StackResources.of(new CloudFormationClient({ region }), name);
    return { name, region, resources, keyIds: resources.all('AWS::KMS::Key') };
  };
  const { ReplicaStackName, ReplicaRegion } = outputs;
  const [Network, Data, Compute, Edge, Observability, replica] = await Promise.all([
    stack(outputs.NetworkStackName, outputs.NetworkRegion),
    stack(outputs.DataStackName, outputs.DataRegion),
    stack(outputs.ComputeStackName, outputs.ComputeRegion),
    stack(outputs.EdgeStackName, outputs.EdgeRegion),
    stack(outputs.ObservabilityStackName, outputs.ObservabilityRegion),
    ReplicaStackName !== undefined && ReplicaRegion !== undefined ? stack(ReplicaStackName, ReplicaRegion) : undefined,
  ]);
  const all = [Network, replica, Data, Compute, Edge, Observability].filter((each) => each !== undefined);
  return { outputs, stacks: { Network, Data, Compute, Edge, Observability }, replica, all };
}
