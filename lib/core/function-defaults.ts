import { type InjectionContext, type IPropertyInjector, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Function as LambdaFunction, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import { acceptFinding, isAccepted } from '../compliance/accepted-findings';

/** The subnets and the security group of a function in the VPC. */
export interface FunctionVpcConfig {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

export interface FunctionDefaultsProps {
  readonly isTraced: boolean;
  /** The network of functions that set none themselves. @default - outside the VPC */
  readonly place: FunctionVpcConfig | undefined;
}

const rule = 'AwsSolutions-IAM5[Resource::*]';

/** Sets tracing and network of every function of a stack, including those of CDK's provider framework. */
export class FunctionDefaults implements IPropertyInjector {
  readonly constructUniqueId = LambdaFunction.PROPERTY_INJECTION_ID;
  readonly #isTraced: boolean;
  readonly #place: FunctionVpcConfig | undefined;

  constructor({ isTraced, place }: FunctionDefaultsProps) {
    this.#isTraced = isTraced;
    this.#place = place;
  }

  inject(props: FunctionProps, { scope }: InjectionContext): FunctionProps {
    // CDK's provider framework passes `vpc: undefined`, which must not override the default.
    return { ...this.#tracing(scope), ...props, ...(props.vpc ? {} : networkOf(this.#place)) };
  }

  /**
   * Enables active tracing.
   *
   * Functions that CDK adds directly to the stack are excluded. They run only during deployments, and accepting the finding for them
   * would accept it for the whole stack.
   */
  #tracing(scope: InjectionContext['scope']): Partial<FunctionProps> {
    if (!this.#isTraced || Stack.isStack(scope)) return {};
    if (!isAccepted(scope, rule)) {
      acceptFinding(scope, {
        rule,
        reason: 'The X-Ray actions that send traces support no resource-level permissions.',
        compensatingControl: 'They only write traces, and the permissions boundary applies.',
      });
    }
    return { tracing: Tracing.ACTIVE };
  }
}

/** The network properties of a function; none without a place in the VPC. */
export function networkOf(
  place: FunctionVpcConfig | undefined,
): Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
  if (!place) return {};
  const { vpc, subnets, securityGroup } = place;
  return { vpc, vpcSubnets: subnets, securityGroups: [securityGroup] };
}
