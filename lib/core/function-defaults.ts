import { type InjectionContext, type IPropertyInjector, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Function as LambdaFunction, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import { acceptFinding, isAccepted } from '../compliance/accepted-findings';

/** A place for functions in the VPC. */
export interface FunctionPlace {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

export interface FunctionDefaultsProps {
  readonly isTraced: boolean;
  /** Where functions without a place of their own run. @default - outside the VPC, in Lambda's own network */
  readonly place: FunctionPlace | undefined;
}

const rule = 'AwsSolutions-IAM5[Resource::*]';

/** Tracing and network of every function of a stack, including those of CDK's provider framework. */
export class FunctionDefaults implements IPropertyInjector {
  readonly constructUniqueId = LambdaFunction.PROPERTY_INJECTION_ID;
  readonly #isTraced: boolean;
  readonly #place: FunctionPlace | undefined;

  constructor({ isTraced, place }: FunctionDefaultsProps) {
    this.#isTraced = isTraced;
    this.#place = place;
  }

  inject(props: FunctionProps, { scope }: InjectionContext): FunctionProps {
    // CDK's provider framework passes `vpc: undefined`, which must not count as a choice.
    return { ...this.#tracing(scope), ...props, ...(props.vpc ? {} : networkOf(this.#place)) };
  }

  /**
   * A function writes its part of the caller's trace, or a trace of its own.
   *
   * Functions that CDK adds to the stack itself are left out. They serve deployments only, and accepting the finding for them would
   * accept it for the whole stack.
   */
  #tracing(scope: InjectionContext['scope']): Partial<FunctionProps> {
    if (!this.#isTraced || Stack.isStack(scope)) return {};
    if (!isAccepted(scope, rule)) {
      acceptFinding(scope, {
        rule,
        reason: 'The actions by which a function sends traces to X-Ray support no resource.',
        compensatingControl: 'They write traces and nothing else, below the permissions boundary.',
      });
    }
    return { tracing: Tracing.ACTIVE };
  }
}

/** The properties that put a function into its place; none where it has no place in the VPC. */
export function networkOf(
  place: FunctionPlace | undefined,
): Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
  if (!place) return {};
  const { vpc, subnets, securityGroup } = place;
  return { vpc, vpcSubnets: subnets, securityGroups: [securityGroup] };
}
