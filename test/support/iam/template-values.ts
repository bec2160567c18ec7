import type { TemplateResource } from '../template-resources';
import type { SynthesizedStack } from '../test-platform';
import type { ResourceTypeFacts } from './resource-arns';

/** The account of every template under test; templates name none. */
export const testAccount = '111122223333';

/** What a custom resource returns is known at deployment only; this stands for any ARN. */
const anyArn = 'arn:*';

type Functions = Readonly<Record<string, unknown>>;

/** Resolves the intrinsic functions of all templates of one platform, as a deployment into the test account would. */
export class TemplateValues {
  readonly #stacks: readonly SynthesizedStack[];
  readonly #facts: ReadonlyMap<string, ResourceTypeFacts>;

  constructor(stacks: readonly SynthesizedStack[], facts: ReadonlyMap<string, ResourceTypeFacts>) {
    this.#stacks = stacks;
    this.#facts = facts;
  }

  /** The value with every intrinsic function replaced by its result. @throws on a function that it does not know */
  resolve(inStack: SynthesizedStack, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolve(inStack, each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) {
      return this.#call(inStack, name, argument);
    }
    return Object.fromEntries(entries.map(([key, each]) => [key, this.resolve(inStack, each)]));
  }

  /** The value as text. @throws when it is none */
  text(inStack: SynthesizedStack, value: unknown): string {
    const resolved = this.resolve(inStack, value);
    if (typeof resolved !== 'string')
      throw new Error(`${JSON.stringify(value)} is not text: ${JSON.stringify(resolved)}`);
    return resolved;
  }

  /** The ARN of a resource; ids that AWS assigns are made from the logical id. */
  arnOf(inStack: SynthesizedStack, logicalId: string): string {
    const resource = this.#resource(inStack, logicalId);
    const { Type } = resource;
    const properties = propertiesOf(resource);
    const format = this.#facts.get(Type)?.arnFormat;
    if (format === undefined) throw new Error(`AWS publishes no ARN format for ${Type} (${logicalId}).`);
    const placeholders = [...format.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const last = placeholders.at(-1);
    const suffix = Type === 'AWS::SecretsManager::Secret' ? '-AbCdEf' : '';
    return format.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => {
      switch (placeholder) {
        case 'Partition':
          return 'aws';
        case 'Region':
          return inStack.region;
        case 'Account':
          return testAccount;
        case last:
          return this.#nameOf(inStack, logicalId) + suffix;
        default: {
          const property = properties[placeholder] ?? properties[placeholder.replace(/Name$/, '')];
          return property === undefined ? `${logicalId}-${placeholder}` : this.text(inStack, property);
        }
      }
    });
  }

  #call(inStack: SynthesizedStack, name: string, argument: unknown): unknown {
    const functions: Record<string, () => unknown> = {
      Ref: () => this.#ref(inStack, argument as string),
      'Fn::GetAtt': () => this.#attribute(inStack, ...(argument as [string, string])),
      'Fn::Join': () => {
        const [separator, parts] = argument as [string, unknown];
        return (this.resolve(inStack, parts) as string[]).join(separator);
      },
      'Fn::Split': () => {
        const [separator, text] = argument as [string, unknown];
        return this.text(inStack, text).split(separator);
      },
      'Fn::Select': () => {
        const [index, list] = argument as [number | string, unknown];
        return (this.resolve(inStack, list) as unknown[])[Number(index)];
      },
      'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${inStack.region}${zone}`),
      'Fn::Sub': () => this.#substitute(inStack, argument),
      'Fn::GetStackOutput': () => this.#output(argument as Functions),
      'Fn::ImportValue': () => this.#import(this.text(inStack, argument)),
    };
    const call = functions[name];
    if (!call) throw new Error(`The intrinsic function ${name} is not modelled.`);
    return call();
  }

  #ref(inStack: SynthesizedStack, id: string): string {
    const { region, stackName } = inStack;
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': testAccount,
      'AWS::NoValue': '',
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${testAccount}:stack/${stackName}/0a1b2c3d`,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const known = pseudo[id] ?? parametersOf(inStack)[id];
    const { Type } = known === undefined ? this.#resource(inStack, id) : { Type: '' };
    const identifier = this.#facts.get(Type)?.refIdentifier ?? '';
    // A secret's identifier is called Id and is its ARN.
    const isArn = /arn$/i.test(identifier) || Type === 'AWS::SecretsManager::Secret';
    return known ?? (isArn ? this.arnOf(inStack, id) : this.#nameOf(inStack, id));
  }

  #attribute(inStack: SynthesizedStack, id: string, attribute: string): string {
    const { Type } = this.#resource(inStack, id);
    if (attribute === 'MasterUserSecret.SecretArn') return managedSecretArn(inStack, id);
    if (/^(AWS::CloudFormation::CustomResource|Custom::.*)$/.test(Type)) {
      return /arn$/i.test(attribute) ? anyArn : `${id}-${attribute}`;
    }
    if (attribute === 'Arn' || (/arn$/i.test(attribute) && attribute === this.#facts.get(Type)?.refIdentifier)) {
      // CloudFormation returns the ARN of a log group with the suffix that stands for its streams.
      return this.arnOf(inStack, id) + (Type === 'AWS::Logs::LogGroup' ? ':*' : '');
    }
    if (attribute === 'LoadBalancerFullName') return this.arnOf(inStack, id).replace(/^.*:loadbalancer\//, '');
    return attribute === 'Name' ? this.#nameOf(inStack, id) : `${id}-${attribute}`;
  }

  #nameOf(inStack: SynthesizedStack, id: string): string {
    const resource = this.#resource(inStack, id);
    const { Type } = resource;
    const properties = propertiesOf(resource);
    const shortType = Type.split('::').at(-1) ?? '';
    const candidates = [this.#facts.get(Type)?.refIdentifier ?? '', `${shortType}Name`, 'Name'];
    const given = candidates.map((key) => properties[key]).find((value) => value !== undefined);
    return given === undefined ? `${inStack.stackName}-${id}` : this.text(inStack, given);
  }

  #resource(inStack: SynthesizedStack, id: string): TemplateResource {
    const found = inStack.resources.all[id];
    if (!found) throw new Error(`${inStack.stackName} has no resource ${id}.`);
    return found;
  }

  #substitute(inStack: SynthesizedStack, argument: unknown): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Functions];
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      if (name in variables) return this.text(inStack, variables[name]);
      const [id = '', ...attribute] = name.split('.');
      const reference = attribute.length > 0 && !name.startsWith('AWS::');
      return reference ? this.#attribute(inStack, id, attribute.join('.')) : this.#ref(inStack, name);
    });
  }

  #output({ StackName, OutputName }: Functions): unknown {
    const producer = this.#stacks.find(({ stackName }) => stackName === StackName);
    const output = producer && outputsOf(producer)[String(OutputName)];
    if (!output) throw new Error(`No stack ${String(StackName)} has an output ${String(OutputName)}.`);
    return this.resolve(producer, output.Value);
  }

  #import(exportName: string): unknown {
    for (const producer of this.#stacks) {
      const output = Object.values(outputsOf(producer)).find(
        ({ Export }) => Export && this.text(producer, Export.Name) === exportName,
      );
      if (output) return this.resolve(producer, output.Value);
    }
    throw new Error(`No stack exports ${exportName}.`);
  }
}

/** A template leaves `Properties` out where there are none. */
export function propertiesOf({ Properties }: Partial<TemplateResource>): Readonly<Record<string, unknown>> {
  return Properties ?? {};
}

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

function outputsOf({ resources }: SynthesizedStack): Readonly<Record<string, Output>> {
  return (resources.template.toJSON() as { Outputs?: Record<string, Output> }).Outputs ?? {};
}

/** Parameters are AMI ids and the bootstrap version; no policy depends on their values. */
function parametersOf({ resources }: SynthesizedStack): Readonly<Record<string, string>> {
  const { Parameters = {} } = resources.template.toJSON() as { Parameters?: Record<string, unknown> };
  return Object.fromEntries(Object.keys(Parameters).map((id) => [id, `parameter-${id}`]));
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html */
export function managedSecretArn({ region }: SynthesizedStack, databaseId: string): string {
  return `arn:aws:secretsmanager:${region}:${testAccount}:secret:rds!cluster-${databaseId}-AbCdEf`;
}
