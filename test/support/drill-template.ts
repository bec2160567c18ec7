import type { DataStack } from '../../lib/data/data-stack';
import { dataTier } from './data-tier';
import { overrides } from './profile-overrides';
import type { Definition } from './state-machine-run';
import { referenceOf, TemplateResources } from './template-resources';

/** The template of a data tier with a restore drill, with what tests of the drill look for in it. */
export class DrillTemplate extends TemplateResources {
  readonly stack: DataStack;

  constructor() {
    const stack = dataTier(overrides({ restoreDrill: { schedule: 'cron(0 3 * * ? *)' } }));
    super(stack);
    this.stack = stack;
  }

  /** The state machine of the drill; the resources of its tasks are the logical ids of their functions. */
  get definition(): Definition {
    const machine = this.properties('AWS::StepFunctions::StateMachine').find(
      ({ StateMachineName }) => StateMachineName === 'restore-drill-state-machine-test1',
    );
    const { 'Fn::Join': join } = machine?.['DefinitionString'] as { 'Fn::Join': [string, unknown[]] };
    const text = join[1].map((part) => (typeof part === 'string' ? part : (referenceOf(part) ?? ''))).join('');
    return JSON.parse(text) as Definition;
  }

  /** Logical id and properties of a function. */
  functionNamed(name: string): [id: string, properties: Readonly<Record<string, unknown>>] {
    const found = this.entries('AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties['FunctionName'] === name,
    );
    if (!found) throw new Error(`There is no function ${name}.`);
    return [found[0], found[1].Properties];
  }

  /** The environment of a function, with what only deployment knows as text. */
  environmentOf(name: string): Record<string, string> {
    const { Variables } = this.functionNamed(name)[1]['Environment'] as { Variables: Record<string, unknown> };
    return Object.fromEntries(
      Object.entries(Variables).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
  }
}
