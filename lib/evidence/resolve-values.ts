import { isRecord, joined, JoinedText, Reference, textOf, UnknownValue } from './values';

/** The parts of a CloudFormation template that the evidence reads. */
export interface SourceTemplate {
  readonly Resources?: Readonly<Record<string, SourceResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** A resource as a template has it. */
export interface SourceResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A stack before its values are resolved. */
export interface StackSource {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** A placeholder if the assembly does not know the account. */
  readonly account: string;
  readonly template: SourceTemplate;
  /** Of a nested stack: the id of its parent and the parameters that the parent passes. */
  readonly parent?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** An output of a stack. */
export interface Output {
  readonly value: unknown;
  readonly exportName: string | undefined;
}

type Call = (stack: StackSource, argument: unknown) => unknown;

/** Absent at deployment: `AWS::NoValue`. */
const absent = Symbol('AWS::NoValue');

/**
 * Evaluates the intrinsic functions of templates as far as templates allow.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class ValueResolver {
  readonly #stacks: readonly StackSource[];

  constructor(stacks: readonly StackSource[]) {
    this.#stacks = stacks;
  }

  /** The value with each intrinsic function replaced by its result. */
  resolve(stackId: string, value: unknown): unknown {
    const resolved = this.#resolve(this.#stack(stackId), value);
    return resolved === absent ? undefined : resolved;
  }

  /** Whether a condition holds; `undefined` if only a deployment knows. */
  condition(stackId: string, name: string): boolean | undefined {
    const stack = this.#stack(stackId);
    return known(this.#resolve(stack, { Condition: name }));
  }

  /** The outputs of a stack. */
  outputsOf(stackId: string): Readonly<Record<string, Output>> {
    const stack = this.#stack(stackId);
    return Object.fromEntries(
      Object.entries(stack.template.Outputs ?? {}).map(([id, { Value, Export }]) => [
        id,
        { value: this.resolve(stackId, Value), exportName: Export && textOf(this.#resolve(stack, Export.Name)) },
      ]),
    );
  }

  readonly #functions: Readonly<Record<string, Call>> = {
    Ref: (stack, id) => this.#ref(stack, String(id)),
    Condition: (stack, name) =>
      this.#resolve(stack, stack.template.Conditions?.[String(name)] ?? new UnknownValue(`Condition ${String(name)}`)),
    'Fn::GetAtt': (stack, argument) => this.#attribute(stack, argument),
    'Fn::Join': (stack, argument) => {
      const [separator, list] = argument as [string, unknown];
      const parts = this.#resolve(stack, list);
      if (!Array.isArray(parts)) return new UnknownValue('Fn::Join of an unknown list', [parts]);
      return joined(parts.flatMap((part: unknown, index) => (index === 0 ? [part] : [separator, part])));
    },
    'Fn::Sub': (stack, argument) => this.#substitute(stack, argument),
    'Fn::Split': (stack, argument) => {
      const [separator, text] = argument as [string, unknown];
      return split(separator, this.#resolve(stack, text));
    },
    'Fn::Select': (stack, argument) => {
      const [index, list] = this.#resolve(stack, argument) as [number | string, unknown];
      if (Array.isArray(list)) return list[Number(index)] as unknown;
      return new UnknownValue(`Item ${index} of ${textOf(list)}`, [list]);
    },
    'Fn::GetAZs': (stack) => Array.from({ length: 6 }, (_, index) => `${stack.region}: zone ${index + 1}`),
    'Fn::Base64': (stack, argument) => this.#resolve(stack, argument),
    'Fn::FindInMap': (stack, argument) => {
      const [map, first, second] = this.#resolve(stack, argument) as [string, unknown, unknown];
      const row = (stack.template.Mappings?.[map] as Record<string, Record<string, unknown>> | undefined)?.[
        textOf(first)
      ];
      return row?.[textOf(second)] ?? new UnknownValue(`Mapping ${map}`);
    },
    'Fn::ImportValue': (stack, argument) => this.#import(textOf(this.#resolve(stack, argument))),
    'Fn::GetStackOutput': (stack, argument) => {
      const { StackName, OutputName, Region = stack.region } = argument as Record<string, string>;
      return this.#output(
        ({ name, region }) => name === StackName && region === Region,
        String(OutputName),
        `Output ${String(OutputName)} of ${String(StackName)}`,
      );
    },
    'Fn::If': (stack, argument) => {
      const [name, yes, no] = argument as [string, unknown, unknown];
      const holds = this.condition(stack.id, name);
      if (holds !== undefined) return this.#resolve(stack, holds ? yes : no);
      const candidates = [yes, no].map((each) => this.#resolve(stack, each)).filter((each) => each !== absent);
      return new UnknownValue(`Depends on condition ${name}`, candidates);
    },
    'Fn::Equals': (stack, argument) => {
      const [left, right] = this.#resolve(stack, argument) as [unknown, unknown];
      return [left, right].every((side) => typeof side === 'string' || typeof side === 'number')
        ? String(left) === String(right)
        : new UnknownValue('Fn::Equals');
    },
    'Fn::Not': (stack, argument) => {
      const [operand] = this.#resolve(stack, argument) as [unknown];
      return typeof operand === 'boolean' ? !operand : operand;
    },
    'Fn::And': (stack, argument) => combined(this.#resolve(stack, argument), false),
    'Fn::Or': (stack, argument) => combined(this.#resolve(stack, argument), true),
    'Fn::ToJsonString': (stack, argument) => textOf(this.#resolve(stack, argument)),
  };

  #resolve(stack: StackSource, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#resolve(stack, each)).filter((each) => each !== absent);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    if (entries.length === 1) {
      // A statement of a policy has a `Condition` that is an object.
      const call = name === 'Condition' && typeof argument !== 'string' ? undefined : this.#functions[name];
      if (call) return call(stack, argument);
      if (name.startsWith('Fn::')) return new UnknownValue(name, [this.#resolve(stack, argument)]);
    }
    return Object.fromEntries(
      entries.map(([key, each]) => [key, this.#resolve(stack, each)]).filter(([, each]) => each !== absent),
    );
  }

  #ref(stack: StackSource, id: string): unknown {
    const pseudo: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': stack.account,
      'AWS::NoValue': absent,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': stack.region,
      'AWS::StackId': `arn:aws:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}`,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    if (id in pseudo) return pseudo[id];
    if (stack.template.Resources?.[id]) return new Reference(`${stack.id}/${id}`, 'Ref');
    if (stack.parent !== undefined && stack.arguments?.[id] !== undefined)
      return this.#resolve(this.#stack(stack.parent), stack.arguments[id]);
    return this.#parameter(stack, id);
  }

  /** A parameter of SSM that a stack of the assembly creates has a value; of any other only the name is known. */
  #parameter(stack: StackSource, id: string): unknown {
    const parameter = stack.template.Parameters?.[id];
    if (!parameter) throw new Error(`${stack.id} has neither a resource nor a parameter ${id}.`);
    if (!parameter.Type.startsWith('AWS::SSM::Parameter::Value')) {
      return parameter.Default ?? new UnknownValue(`Parameter ${id}`);
    }
    for (const producer of this.#stacks.filter(({ region }) => region === stack.region)) {
      for (const { Type, Properties } of Object.values(producer.template.Resources ?? {})) {
        if (Type === 'AWS::SSM::Parameter' && Properties?.['Name'] === parameter.Default)
          return this.#resolve(producer, Properties?.['Value']);
      }
    }
    return new UnknownValue(`SSM parameter ${String(parameter.Default)}`);
  }

  #attribute(stack: StackSource, argument: unknown): unknown {
    const [id = '', ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    if (!stack.template.Resources?.[id]) throw new Error(`${stack.id} has no resource ${id}.`);
    const name = attribute.join('.');
    const output = /^Outputs\.(.+)$/.exec(name)?.[1];
    const nested = `${stack.id}/${id}`;
    if (output !== undefined && this.#stacks.some((candidate) => candidate.id === nested))
      return this.#output((candidate) => candidate.id === nested, output, `Output ${output} of ${nested}`);
    return new Reference(`${stack.id}/${id}`, name);
  }

  #substitute(stack: StackSource, argument: unknown): unknown {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    // Odd parts are names of variables.
    const parts = text.split(/\$\{([^!}][^}]*)\}/).map((part, index) => {
      if (index % 2 === 0) return part.replaceAll('${!', '${');
      if (part in variables) return this.#resolve(stack, variables[part]);
      return part.includes('.') ? this.#attribute(stack, part) : this.#ref(stack, part);
    });
    return joined(parts);
  }

  #import(exportName: string): unknown {
    for (const producer of this.#stacks) {
      for (const { Value, Export } of Object.values(producer.template.Outputs ?? {})) {
        if (Export && textOf(this.#resolve(producer, Export.Name)) === exportName)
          return this.#resolve(producer, Value);
      }
    }
    return new UnknownValue(`Export ${exportName}`);
  }

  #output(isProducer: (stack: StackSource) => boolean, output: string, expression: string): unknown {
    const producer = this.#stacks.find(isProducer);
    const found = producer?.template.Outputs?.[output];
    return producer && found ? this.#resolve(producer, found.Value) : new UnknownValue(expression);
  }

  #stack(id: string): StackSource {
    const found = this.#stacks.find((stack) => stack.id === id);
    if (!found) throw new Error(`The assembly has no stack ${id}.`);
    return found;
  }
}

const known = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** `Fn::Or` is decided by one true operand, `Fn::And` by one false one. */
function combined(operands: unknown, decisive: boolean): unknown {
  const list = operands as unknown[];
  if (list.includes(decisive)) return decisive;
  return list.every((operand) => operand === !decisive) ? !decisive : new UnknownValue('Condition');
}

/** Splits known text, and joined text whose separators are all in the known parts. */
function split(separator: string, value: unknown): unknown {
  if (typeof value === 'string') return value.split(separator);
  if (!(value instanceof JoinedText)) return new UnknownValue(`Fn::Split of ${textOf(value)}`, [value]);
  const pieces = value.parts.reduce<unknown[][]>(
    (list, part) => {
      const [head = '', ...tail] = typeof part === 'string' ? part.split(separator) : [part];
      return [...list.slice(0, -1), [...(list.at(-1) ?? []), head], ...tail.map((each) => [each])];
    },
    [[]],
  );
  return pieces.map(joined);
}
