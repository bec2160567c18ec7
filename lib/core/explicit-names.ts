import { CfnResource, type IAspect, Names, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Types of resources that CDK creates implicitly, with their name property and its maximum length. */
const nameProperties: Readonly<Record<string, readonly [property: string, maxLength: number]>> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['PolicyName', 128],
  'AWS::IAM::InstanceProfile': ['InstanceProfileName', 128],
  'AWS::IAM::Policy': ['PolicyName', 128],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::Lambda::LayerVersion': ['LayerName', 128],
  'AWS::Logs::LogStream': ['LogStreamName', 512],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 80],
};

/**
 * Names resources that CDK creates implicitly, such as providers of custom resources with their roles and policies, so that their names
 * also end in the environment suffix. The names contain the stack id, because all stacks may be in one region of one account.
 */
export class ExplicitNames implements IAspect {
  readonly #suffix: string;

  constructor(suffix: string) {
    this.#suffix = suffix;
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const [property, maxLength] = nameProperties[node.cfnResourceType] ?? [];
    if (property === undefined || maxLength === undefined || this.#isNamed(node, property)) return;
    const unique = Names.uniqueResourceName(node, { maxLength: maxLength - this.#suffix.length - 1, separator: '-' });
    node.addPropertyOverride(property, `${unique}-${this.#suffix}`);
  }

  /** Whether the name contains the suffix. CDK derives some names from the path, which is the same in every environment. */
  #isNamed(node: CfnResource, property: string): boolean {
    const field = property.charAt(0).toLowerCase() + property.slice(1);
    const name: unknown = Stack.of(node).resolve((node as unknown as Record<string, unknown>)[field]);
    return JSON.stringify(name ?? '').includes(this.#suffix);
  }
}
