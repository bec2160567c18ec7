import { Duration } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { type FunctionPlace, networkOf } from '../core/function-defaults';
import { handlerBundle } from './handler-bundles';
import { allowNetworkInterfaces } from './network-interfaces';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';

/** What one handler says of itself. */
export interface HandlerFunctionProps {
  /** Path below `lib` of the source, such as `compute/deployment/deployment-steps.lambda.ts`; `app/NAME` is `app/src/NAME.ts`. */
  readonly source: string;
  /** The name that the source exports the handler under. @default handler */
  readonly exportName?: string;
  readonly names: ResourceNames;
  /** What it does, in kebab case; part of the names of function, role and log group. */
  readonly purpose: string;
  readonly description: string;
  /** @default - 1 minute */
  readonly timeout?: Duration;
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its place in the VPC, for what it cannot reach from elsewhere. @default - that of the stack's functions */
  readonly network?: FunctionPlace;
}

/** The runtime of every function of the platform. */
const handlerRuntime = Runtime.NODEJS_24_X;

/**
 * A Lambda function that serves one construct, with its bundle, its own role and its own encrypted log group.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  /** Where its code is, and which of its exports runs; as in the properties. */
  readonly entry: Required<Pick<HandlerFunctionProps, 'source' | 'exportName'>>;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const {
      source,
      exportName = 'handler',
      names,
      purpose,
      description,
      environment,
      network,
      timeout = Duration.minutes(1),
    } = props;
    this.entry = { source, exportName };
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: `/aws/lambda/${names.of('function', purpose)}` });
    const role = new PlatformRole(this, 'Role', {
      names,
      purpose,
      description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grants.write(role);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: names.of('function', purpose),
      description,
      timeout,
      environment,
      runtime: handlerRuntime,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      handler: `handler.${exportName}`,
      role,
      code: Code.fromAsset(handlerBundle(source)),
      logGroup,
      ...networkOf(network),
    });
    if (this.function.isBoundToVpc) {
      allowNetworkInterfaces(role, names.of('function', purpose));
      return;
    }
    acceptFindings(this, ['PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The function calls AWS APIs only and reaches nothing inside the VPC.',
      compensatingControl:
        'Its role allows the named API calls on the named resources only, below the permissions boundary.',
    });
  }
}
