import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type FlatOutputs, readFlatOutputs } from './flat-outputs';
import { StackResources } from './stack-resources';

/** The tiers, in the order in which they are deployed. */
export const tiers = ['Network', 'Data', 'Compute', 'Edge', 'Observability'] as const;

export type Tier = (typeof tiers)[number];

/** One stack of the deployment. */
export interface DeployedStack {
  readonly name: string;
  readonly region: string;
  readonly resources: StackResources;
  /** Its customer managed keys. */
  readonly keyIds: readonly string[];
}

/** What a deployment made: its outputs, and every resource of every stack. */
export interface DeployedPlatform {
  readonly outputs: FlatOutputs;
  readonly stacks: Readonly<Record<Tier, DeployedStack>>;
}

/** Lists the stacks that the outputs name. */
export async function deployedPlatform(): Promise<DeployedPlatform> {
  const outputs = readFlatOutputs();
  const stack = async (tier: Tier): Promise<DeployedStack> => {
    const name = outputs[`${tier}StackName`];
    const region = outputs[`${tier}Region`];
    const resources = await StackResources.of(new CloudFormationClient({ region }), name);
    return { name, region, resources, keyIds: resources.all('AWS::KMS::Key') };
  };
  const [Network, Data, Compute, Edge, Observability] = await Promise.all([
    stack('Network'),
    stack('Data'),
    stack('Compute'),
    stack('Edge'),
    stack('Observability'),
  ]);
  return { outputs, stacks: { Network, Data, Compute, Edge, Observability } };
}
