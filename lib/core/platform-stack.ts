import { Aspects, AspectPriority, CfnOutput, Fn, type IStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { PlatformSettings } from '../config/platform-settings';
import { constructDefaults } from './construct-defaults';
import { DeclaredLogGroups } from './declared-log-groups';
import { ExplicitNames } from './explicit-names';
import type { FunctionVpcConfig } from './function-defaults';
import { NameTags } from './name-tags';
import { setReferenceStrength } from './reference-strength';
import { ResourceNames } from './resource-names';
import { Runbook } from './runbook';

export interface PlatformStackProps {
  readonly settings: PlatformSettings;
}

/** The properties that each tier sets for its stack. */
export interface TierOptions {
  /** The tier in kebab case, as part of the stack name. */
  readonly tier: string;
  /** The description of the stack, as the CloudFormation console shows it. */
  readonly description: string;
  /** @default - the home region of the settings */
  readonly region?: string;
  /** @default - CDK's default synthesizer */
  readonly synthesizer?: IStackSynthesizer;
  /** The network of functions that set none themselves. @default - outside the VPC */
  readonly functionVpcConfig?: FunctionVpcConfig | undefined;
}

/** The base class of all stacks: environment, name, tags, Availability Zones and construct defaults. */
export abstract class PlatformStack extends Stack {
  readonly names: ResourceNames;
  readonly runbook: Runbook;
  readonly #namedZones: readonly string[] | undefined;

  protected constructor(scope: Construct, id: string, props: PlatformStackProps, options: TierOptions) {
    const { settings } = props;
    const { profile, environmentSuffix, account, region } = settings;
    const names = new ResourceNames(profile.naming, environmentSuffix);
    super(scope, id, {
      stackName: names.of('stack', options.tier),
      description: options.description,
      env: { account, region: options.region ?? region },
      synthesizer: options.synthesizer,
      tags: profile.tags,
      terminationProtection: false,
      propertyInjectors: constructDefaults(profile.observability, options.functionVpcConfig),
    });
    setReferenceStrength(this, this.region === region);
    this.names = names;
    this.runbook = new Runbook(settings, names);
    this.#namedZones = settings.availabilityZones;
    // Scripts and tests find the stack by these outputs.
    new CfnOutput(this, 'StackName', { value: this.stackName });
    new CfnOutput(this, 'Region', { value: this.region });
    for (const [key, value] of Object.entries(profile.tags)) Tags.of(this).add(key, value);
    Aspects.of(this).add(new DeclaredLogGroups(), { priority: AspectPriority.MUTATING });
    Aspects.of(this).add(new ExplicitNames(environmentSuffix), { priority: AspectPriority.MUTATING });
    Aspects.of(this).add(new NameTags(environmentSuffix), { priority: AspectPriority.MUTATING });
  }

  /** The stack that contains `construct`. @throws Error when it is not a stack of the platform */
  static override of(construct: IConstruct): PlatformStack {
    const stack = Stack.of(construct);
    if (stack instanceof PlatformStack) return stack;
    throw new Error(`${construct.node.path} is not in a stack of the platform.`);
  }

  /**
   * The zones of the settings, or the first ones of the region that the stack is deployed to.
   *
   * By default, CDK assumes two zones if the account is unknown, and otherwise looks the zones up, which needs credentials.
   */
  override get availabilityZones(): string[] {
    return this.#namedZones ? [...this.#namedZones] : [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
