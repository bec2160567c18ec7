import { Duration } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { type FunctionVpcConfig, networkOf } from '../core/function-defaults';
import { handlerBundle } from './handler-bundles';
import { allowNetworkInterfaces } from './network-interfaces';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';

export interface HandlerFunctionProps {
  /** Path of the source in `lib`, such as `compute/deployment/deployment-steps.lambda.ts`, or `app/NAME` for `app/src/NAME.ts`. */
  readonly source: string;
  /** The export that is the handler. @default handler */
  readonly exportName?: string;
  readonly names: ResourceNames;
  /** The purpose in kebab case, as part of the names of function, role and log group. */
  readonly purpose: string;
  readonly description: string;
  /** @default - 1 minute */
  readonly timeout?: Duration;
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Subnets and security group in the VPC. @default - those of the stack's functions */
  readonly network?: FunctionVpcConfig;
}

const handlerRuntime = Runtime.NODEJS_24_X;

/** A Lambda function with its bundle, its own role and an encrypted log group. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  /** The source and the export of the handler. */
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
      reason: 'The function only calls AWS APIs and needs nothing inside the VPC.',
      compensatingControl:
        'Its role allows only the listed API calls on the listed resources, and the permissions boundary applies.',
    });
  }
}
