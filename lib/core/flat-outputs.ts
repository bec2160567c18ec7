/** The outputs of each stack by the stack's name, as `cdk deploy --outputs-file` writes them. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Both patterns of `ResourceNames`: `compute-stack-pr123` and `stack-compute-pr123`. */
const stackName = /^(?:([a-z]+)-stack|stack-([a-z]+))-/;

/** What CDK makes for a reference from another stack: its name changes with the resource that it stands for. */
const crossStackReference = /^(PublishOutput|ExportsOutput)/;

/**
 * One object with the outputs of all stacks, such as `EdgeUrl`: the stack's id in the app, then the output's.
 *
 * The names hold for every environment and profile; outputs that CDK itself makes for references between stacks are left out.
 *
 * @throws when a stack has no name of this platform
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

/** `Compute` of either name. */
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
