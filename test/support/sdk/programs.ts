import { HandlerFunction } from '../../../lib/constructs/handler-function';
import type { PlatformStack } from '../../../lib/core/platform-stack';
import type { PlatformPolicies } from '../iam/platform-policies';
import type { Variables } from './exceptions';
import type { EntryPoint } from './sdk-calls';
import type { SynthesizedStack } from '../test-platform';

/** A function or a task with its role. */
export interface Program extends EntryPoint {
  readonly name: string;
  readonly roleArn: string;
  /** Its environment variables, injected ones included. */
  readonly variables: Variables;
}

/** Every program of a platform. Functions that CDK brings for its own resources are not ours. */
export function programsOf(policies: PlatformPolicies): Program[] {
  const { all, stacks } = policies.platform;
  return all.flatMap((synthesized) => {
    const stack = stacks.stacks.find(({ stackName }) => stackName === synthesized.stackName);
    if (!stack) throw new Error(`The platform has no stack ${synthesized.stackName}.`);
    return [...functionsOf(stack, synthesized, policies), ...tasksOf(synthesized, policies)];
  });
}

function functionsOf(stack: PlatformStack, synthesized: SynthesizedStack, { values }: PlatformPolicies): Program[] {
  return stack.node
    .findAll()
    .filter((construct) => construct instanceof HandlerFunction)
    .map((handler) => {
      const { function: lambda } = handler;
      const logicalId = stack.getLogicalId(lambda.node.defaultChild as Parameters<typeof stack.getLogicalId>[0]);
      const { FunctionName, Role, Environment } = synthesized.resources.all[logicalId]?.Properties ?? {};
      const { Variables = {} } = (Environment ?? {}) as { Variables?: object };
      return {
        name: values.text(synthesized, FunctionName),
        ...entryPointOf(handler),
        roleArn: values.text(synthesized, Role),
        variables: new Map(Object.entries(Variables)),
      };
    });
}

/** The entry point of a function. */
export function entryPointOf({ entry: { source, exportName } }: HandlerFunction): EntryPoint {
  return {
    exportName,
    entry: source.startsWith('app/') ? source.replace(/^app\/(.*)$/, 'app/src/$1.ts') : `lib/${source}`,
  };
}

interface Container {
  readonly Name: string;
  readonly Command?: readonly string[];
  readonly Environment?: readonly { readonly Name: string; readonly Value?: unknown }[];
  readonly Secrets?: readonly { readonly Name: string; readonly Value?: unknown }[];
}

function tasksOf(synthesized: SynthesizedStack, { values }: PlatformPolicies): Program[] {
  return synthesized.resources
    .properties('AWS::ECS::TaskDefinition')
    .flatMap(({ Family, TaskRoleArn, ContainerDefinitions }) =>
      (values.resolve(synthesized, ContainerDefinitions) as Container[])
        .filter(({ Name }) => Name === 'api')
        .map(({ Command, Environment = [], Secrets = [] }) => ({
          name: values.text(synthesized, Family),
          exportName: undefined,
          entry: `app/src/${(Command?.at(-1) ?? 'server.js').replace(/\.js$/, '.ts')}`,
          roleArn: values.text(synthesized, TaskRoleArn),
          variables: new Map([...Environment, ...Secrets].map((each) => [each.Name, each.Value])),
        })),
    );
}
