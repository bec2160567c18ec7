import { type InjectionContext, type IPropertyInjector, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import { acceptFinding, isAccepted } from '../compliance/accepted-findings';

const rule = 'AwsSolutions-IAM5[Resource::*]';

/**
 * Every function writes traces, also those of CDK's provider framework: in the trace of whoever calls it, or in one of its own.
 *
 * Functions that CDK hangs into the stack itself are left out. They serve deployments alone, and have no place at which a finding could
 * be accepted without accepting it for the whole stack.
 */
export class TracedFunctions implements IPropertyInjector {
  readonly constructUniqueId = LambdaFunction.PROPERTY_INJECTION_ID;

  inject(props: FunctionProps, { scope }: InjectionContext): FunctionProps {
    if (Stack.isStack(scope)) return props;
    if (!isAccepted(scope, rule)) {
      acceptFinding(scope, {
        rule,
        reason: 'The actions by which a function sends traces to X-Ray support no resource.',
        compensatingControl: 'They write traces and nothing else, below the permissions boundary.',
      });
    }
    return { tracing: Tracing.ACTIVE, ...props };
  }
}
