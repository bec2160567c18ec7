import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly } from './assembly';
import type { SourceTemplate, StackSource } from './resolve-values';
import { isRecord } from './values';

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
  readonly displayName?: string;
}

/** How reports name an account that the assembly does not know. */
const unknownAccount = 'ACCOUNT';

/**
 * Reads the templates of a cloud assembly: its stacks, their nested stacks, and the assemblies of its stages.
 *
 * @throws Error when the folder holds no cloud assembly
 */
export function readAssembly(folder: string): Assembly {
  const sources = sourcesIn(folder);
  if (sources.length === 0) throw new Error(`${folder} holds no stacks. Pass the output folder of 'cdk synth'.`);
  return new Assembly(sources);
}

function sourcesIn(folder: string): StackSource[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new Error(`${folder} is no cloud assembly: it has no manifest.json. Pass the output folder of 'cdk synth'.`);
  const { artifacts = {} } = JSON.parse(readFileSync(path, 'utf8')) as { artifacts?: Record<string, Artifact> };
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', properties = {}, displayName }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined)
      return sourcesIn(join(folder, properties.directoryName));
    if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
    const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    const stack = {
      id: displayName ?? id,
      name: properties.stackName ?? id,
      region: region === 'unknown-region' ? 'REGION' : region,
      account: account === 'unknown-account' ? unknownAccount : account,
    };
    return withNested(folder, { ...stack, template: templateIn(folder, properties.templateFile) });
  });
}

/** The stack and its nested stacks, whose templates CDK writes beside it. */
function withNested(folder: string, stack: StackSource): StackSource[] {
  const nested = Object.entries(stack.template.Resources ?? {}).flatMap(
    ([logicalId, { Type, Properties, Metadata }]) => {
      const file = Metadata?.['aws:asset:path'];
      if (Type !== 'AWS::CloudFormation::Stack' || typeof file !== 'string' || !existsSync(join(folder, file)))
        return [];
      const passed = Properties?.['Parameters'];
      return withNested(folder, {
        ...stack,
        id: `${stack.id}/${logicalId}`,
        name: `${stack.name}-${logicalId}`,
        template: templateIn(folder, file),
        parent: stack.id,
        arguments: isRecord(passed) ? passed : {},
      });
    },
  );
  return [stack, ...nested];
}

function templateIn(folder: string, file: string): SourceTemplate {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as SourceTemplate;
}
