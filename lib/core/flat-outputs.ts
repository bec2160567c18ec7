/** The outputs of each stack by the stack's name, as `cdk deploy --outputs-file` writes them. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Both patterns of `ResourceNames`: `compute-stack-pr123` and `stack-compute-pr123`. */
const stackName = /^(?:([a-z]+)-stack|stack-([a-z]+))-/;

/** Outputs that CDK creates for cross-stack references. Their names change with the referenced resource. */
const crossStackReference = /^(PublishOutput|ExportsOutput)/;

/**
 * Merges the outputs of all stacks into one object. Each key is the stack id and the output key, such as `EdgeUrl`.
 *
 * The keys are the same in every environment and profile. Outputs for cross-stack references are omitted.
 *
 * @throws Error when a stack name does not follow the patterns of the platform
 */
export function flatOutputs(stacks: StackOutputs): Record<string, string> {
  const entries = Object.entries(stacks).flatMap(([name, outputs]) => {
    const id = stackId(name);
    return Object.entries(outputs)
      .filter(([output]) => !crossStackReference.test(output))
      .map(([output, value]) => [id + output, value] as const);
  });
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The stack id in the app, such as `Compute`, of a name of either pattern. */
function stackId(name: string): string {
  const [, first, second] = stackName.exec(name) ?? [];
  const tier = first ?? second;
  if (tier === undefined) {
    throw new Error(
      `The outputs file names the stack '${name}', which is not a stack of this platform. Expected <tier>-stack-<suffix> or stack-<tier>-<suffix>.`,
    );
  }
  return tier.charAt(0).toUpperCase() + tier.slice(1);
}
