import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CanaryEnvironment } from '../../app/src/canary/canary-environment.ts' with {
  'resolution-mode': 'import',
};
import type { CanaryConfig } from '../config/deployment-profile';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { HandlerFunction } from '../constructs/handler-function';
import { addOutput } from '../core/add-output';
import type { ResourceNames } from '../core/resource-names';

export interface CanaryProps {
  readonly names: ResourceNames;
  readonly config: CanaryConfig;
  /** The public URL of the platform, without a path. */
  readonly url: string;
  /** The secret with the API key of the canary's merchant. */
  readonly apiKey: ISecret;
  /** The id of the canary's key of the API Gateway. @default - there is no API Gateway */
  readonly gatewayKeyId: string | undefined;
}

/**
 * Makes a payment, refunds it and checks it regularly, through the public entrance and with a merchant of its own.
 *
 * The function is outside of the VPC, because its requests must come from where merchants are. CloudWatch Synthetics was rejected: its
 * canaries leave functions and log groups behind when they are deleted, and cost 0.0012 USD a run.
 */
export class Canary extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { names, config, url, apiKey, gatewayKeyId } = props;
    const environment: CanaryEnvironment = {
      ENVIRONMENT_NAME: names.suffix,
      API_URL: `${url}/api/v1`,
      API_KEY_SECRET_ARN: apiKey.secretArn,
      ...(gatewayKeyId !== undefined && { GATEWAY_KEY_ID: gatewayKeyId }),
    };
    const interval = Duration.minutes(config.everyMinutes);
    const { function: canary } = new HandlerFunction(this, 'Function', {
      names,
      purpose: 'canary',
      description: 'Makes, refunds and checks a payment through the public entrance',
      source: 'app/canary',
      environment,
    });
    addOutput(this, 'CanaryLogGroupName', canary.logGroup.logGroupName);
    apiKey.grantRead(canary);
    if (gatewayKeyId !== undefined) canary.addToRolePolicy(readingGatewayKey(this, gatewayKeyId));
    // No retries, because the next payment follows soon and a retry would hide a failure.
    canary.configureAsyncInvoke({ retryAttempts: 0 });
    new Rule(this, 'Schedule', {
      ruleName: names.of('rule', 'canary'),
      description: 'Starts the canary',
      schedule: Schedule.rate(interval),
      targets: [new LambdaFunction(canary, { retryAttempts: 0 })],
    });
    this.alarms = [
      {
        id: 'canary-payments',
        severity: 'page',
        meaning: 'Two synthetic payments in a row have failed, or the canary has stopped.',
        firstLook: 'Look at the log of the function canary, which names the failed request and its correlation id.',
        // Without FILL, so that a data point that is late is missing, and does not count as a period without a run.
        metric: new MathExpression({
          expression: 'IF(runs > 0, errors)',
          label: 'Failed synthetic payments',
          usingMetrics: {
            runs: canary.metricInvocations({ period: interval }),
            errors: canary.metricErrors({ period: interval }),
          },
          period: interval,
        }),
        threshold: 1,
        evaluationPeriods: 2,
        missingData: TreatMissingData.BREACHING,
      },
    ];
  }
}

/** Reads one key of API Gateway with its value. */
function readingGatewayKey(scope: Construct, keyId: string): PolicyStatement {
  const key = Stack.of(scope).formatArn({
    service: 'apigateway',
    account: '',
    resource: '/apikeys',
    resourceName: keyId,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return new PolicyStatement({ actions: ['apigateway:GET'], resources: [key] });
}
