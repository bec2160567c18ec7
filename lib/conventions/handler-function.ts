import { Duration } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { handlerBundle } from './handler-bundles';

/** What one handler says of itself. */
export interface HandlerFunctionProps {
  /** Path below `lib` of the source, such as `compute/deployment/ecs-deployment.lambda.ts`; it exports `handler`. */
  readonly source: string;
  readonly functionName: string;
  readonly description: string;
  /** @default - 1 minute */
  readonly timeout?: Duration;
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The runtime of every function of the platform. */
export const handlerRuntime = Runtime.NODEJS_22_X;

/**
 * A Lambda function that serves one construct at deployment, with its bundle, its own role and its own encrypted log group.
 *
 * It calls AWS APIs only, so it stands outside the VPC: inside, it would need a path to each of them and gain nothing.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { source, functionName, description, environment, timeout = Duration.minutes(1) } = props;
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description,
      timeout,
      environment,
      runtime: handlerRuntime,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      handler: 'handler.handler',
      code: Code.fromAsset(handlerBundle(source)),
      logGroup: new LogGroup(this, 'LogGroup', { logGroupName: `/aws/lambda/${functionName}` }),
    });
    acceptFindings(this, ['PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The function calls AWS APIs at deployment and reaches nothing inside the VPC.',
      compensatingControl:
        'Its role allows the named API calls on the named resources only, below the permissions boundary.',
    });
  }
}
