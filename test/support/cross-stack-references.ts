import type { SynthesizedStack } from './test-platform';

/** One reference of a stack to a resource of another. */
export interface CrossStackReference {
  readonly consumer: string;
  readonly producer: string;
  readonly strength: 'strong' | 'weak';
  /** Type and attribute of what is referred to: `AWS::EC2::VPC Ref`. */
  readonly target: string;
  /** Logical id and type of the resource that uses it, and the first property on the way. */
  readonly user: { readonly id: string; readonly type: string; readonly property: string };
  /** What it stands for in the producer: the output's value. */
  readonly value: unknown;
}

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: string };
}

/** Every reference between the stacks of a platform. @throws when one leads to no output of another stack */
export function crossStackReferences(stacks: readonly SynthesizedStack[]): CrossStackReference[] {
  const outputs = stacks.flatMap(({ tier, stackName, resources }) =>
    Object.entries((resources.template.toJSON() as { Outputs?: Record<string, Output> }).Outputs ?? {}).map(
      ([name, { Value, Export }]) => ({ tier, stackName, resources, name, Value, Export }),
    ),
  );
  return stacks.flatMap(({ tier, resources }) =>
    Object.entries(resources.all).flatMap(([id, { Type, Properties }]) =>
      Object.entries(Properties).flatMap(([property, value]) =>
        foreign(value).map(({ strength, isOf }) => {
          const output = outputs.find((candidate) => isOf(candidate.stackName, candidate.name, candidate.Export?.Name));
          if (!output) throw new Error(`${tier}: ${id}.${property} refers to no output of another stack.`);
          const user = { id, type: Type, property };
          const target = targetOf(output.Value, (logicalId) => output.resources.all[logicalId]?.Type);
          return { consumer: tier, producer: output.tier, strength, target, user, value: output.Value };
        }),
      ),
    ),
  );
}

interface Foreign {
  readonly strength: 'strong' | 'weak';
  readonly isOf: (stackName: string, outputName: string, exportName: string | undefined) => boolean;
}

function foreign(value: unknown): Foreign[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Foreign[] => {
    if (key === 'Fn::ImportValue') return [{ strength: 'strong', isOf: (_stack, _output, name) => name === inner }];
    if (key !== 'Fn::GetStackOutput') return foreign(inner);
    const { StackName, OutputName } = inner as { StackName: string; OutputName: string };
    return [{ strength: 'weak', isOf: (stack, output) => stack === StackName && output === OutputName }];
  });
}

function targetOf(value: unknown, typeOf: (id: string) => string | undefined): string {
  if (typeof value === 'object' && value !== null) {
    const [[key, inner] = ['', '']] = Object.entries(value);
    if (key === 'Ref') return `${typeOf(String(inner)) ?? 'unknown'} Ref`;
    if (key === 'Fn::GetAtt') {
      const [id, attribute] = inner as [string, string];
      return `${typeOf(id) ?? 'unknown'} ${attribute}`;
    }
    for (const part of [inner].flat(2)) if (typeof part === 'object') return targetOf(part, typeOf);
  }
  return JSON.stringify(value);
}
