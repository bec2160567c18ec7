import { Aspects, AspectPriority, CfnOutput, Fn, type IStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { PlatformSettings } from '../config/platform-settings';
import { constructDefaults } from './construct-defaults';
import { DeclaredLogGroups } from './declared-log-groups';
import { ExplicitNames } from './explicit-names';
import type { FunctionPlace } from './function-defaults';
import { NameTags } from './name-tags';
import { decideReferenceStrength } from './reference-strength';
import { ResourceNames } from './resource-names';
import { Runbook } from './runbook';

/** What every tier's stack is given. */
export interface PlatformStackProps {
  readonly settings: PlatformSettings;
}

/** What one tier's stack says of itself. */
export interface TierOptions {
  /** The tier, in kebab case; part of the stack's name. */
  readonly tier: string;
  /** One sentence for whoever opens the CloudFormation console. */
  readonly description: string;
  /** @default - the home region of the settings */
  readonly region?: string;
  /** @default - CDK's default synthesizer */
  readonly synthesizer?: IStackSynthesizer;
  /** Where functions without a place of their own run. @default - outside the VPC */
  readonly functionPlace?: FunctionPlace | undefined;
}

/** The base of all stacks: environment, name, tags, zones and the defaults of every construct within. */
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
      propertyInjectors: constructDefaults(profile.observability, options.functionPlace),
    });
    decideReferenceStrength(this, this.region === region);
    this.names = names;
    this.runbook = new Runbook(settings, names);
    this.#namedZones = settings.availabilityZones;
    // Where scripts and tests find the stack; its resources are listed from there.
    new CfnOutput(this, 'StackName', { value: this.stackName });
    new CfnOutput(this, 'Region', { value: this.region });
    for (const [key, value] of Object.entries(profile.tags)) Tags.of(this).add(key, value);
    Aspects.of(this).add(new DeclaredLogGroups(), { priority: AspectPriority.MUTATING });
    Aspects.of(this).add(new ExplicitNames(environmentSuffix), { priority: AspectPriority.MUTATING });
    Aspects.of(this).add(new NameTags(environmentSuffix), { priority: AspectPriority.MUTATING });
  }

  /** The stack of a construct. @throws when it is no stack of the platform */
  static override of(construct: IConstruct): PlatformStack {
    const stack = Stack.of(construct);
    if (stack instanceof PlatformStack) return stack;
    throw new Error(`${construct.node.path} is not in a stack of the platform.`);
  }

  /**
   * The zones that the settings name, or the first ones of whichever region the stack is deployed to.
   *
   * CDK itself would see two zones without an account, and ask AWS for them with one; both break synthesis without credentials.
   */
  override get availabilityZones(): string[] {
    return this.#namedZones ? [...this.#namedZones] : [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
