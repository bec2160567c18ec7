import {
  type CfnMethod,
  type CfnRestApi,
  EndpointType,
  type Integration,
  type IRestApi,
  type IVpcLink,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { OriginResources } from '../../compute/compute-resources';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import { accessLogFormat } from './access-log-format';
import type { Throttles } from './create-throttles';
import { type ExposedOperation, exposedOperations, type Exposure, stageName } from './exposed-operations';
import { LoadBalancerIntegration } from './load-balancer-integration';
import { addGatewayResponses } from './problem-responses';

export interface PaymentsRestApiProps {
  readonly names: ResourceNames;
  readonly origin: OriginResources;
  /** A VPC link V2, imported for integrations of a REST API. */
  readonly vpcLink: IVpcLink;
  readonly throttle: Throttles['operation'];
  /** Headers that API Gateway sets or overwrites: name -> source of the value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the default `execute-api` endpoint is enabled. */
  readonly hasDefaultEndpoint: boolean;
  /** Whether the custom domain name requires mutual TLS. */
  readonly mutualTls: boolean;
  /** Whether requests are traced with X-Ray. */
  readonly tracing: boolean;
  /** Which operations are exposed beside those of merchants. */
  readonly exposure: Exposure;
}

/** The REST API. Each operation is a method with its own throttle and an integration with the load balancer. */
export class PaymentsRestApi extends Construct {
  readonly api: IRestApi;

  constructor(scope: Construct, id: string, props: PaymentsRestApiProps) {
    super(scope, id);
    const { names, origin, vpcLink, throttle, headers, hasDefaultEndpoint, mutualTls, tracing, exposure } = props;
    const operations = exposedOperations(exposure);
    const limits = { throttlingRateLimit: throttle.rateLimit, throttlingBurstLimit: throttle.burstLimit };
    const api = new RestApi(this, 'Api', {
      restApiName: names.of('rest-api'),
      description: 'Payments API',
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: !hasDefaultEndpoint,
      cloudWatchRole: false,
      deployOptions: {
        stageName,
        tracingEnabled: tracing,
        accessLogDestination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { logGroupName: `/aws/apigateway/${names.of('access-log', 'rest-api')}` }),
        ),
        accessLogFormat,
        // Logs only errors of API Gateway, never requests.
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        ...limits,
        methodOptions: Object.fromEntries(
          operations.map(({ method, resourcePath }) => [
            `${resourcePath}/${method}`,
            { ...limits, loggingLevel: MethodLoggingLevel.ERROR, dataTraceEnabled: false, metricsEnabled: true },
          ]),
        ),
      },
    });
    // Removes CDK's own output, whose key is generated.
    api.node.tryRemoveChild('Endpoint');
    requireTls12(api, mutualTls);
    addGatewayResponses(api);
    for (const operation of operations) {
      addOperation(
        api,
        operation,
        new LoadBalancerIntegration({ operation, origin, vpcLink, headers }),
        origin.loadBalancerArn,
      );
    }
    this.api = api;
    // Otherwise API Gateway creates this log group, which is unencrypted, never expires and remains after a deletion.
    const executionLog = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`,
    });
    api.deploymentStage.node.addDependency(executionLog);
    addOutput(this, 'RestApiExecutionLogGroupName', executionLog.logGroupName);
    this.#acceptFindings();
  }

  #acceptFindings(): void {
    acceptFindings(this, ['AwsSolutions-APIG2'], {
      reason: 'The API validates every request against the same schemas.',
      compensatingControl:
        'Its errors name the invalid field, which those of API Gateway do not, and unknown fields are rejected.',
    });
    acceptFindings(this, ['AwsSolutions-APIG4', 'AwsSolutions-COG4'], {
      reason:
        'Clients authenticate to API Gateway with a usage plan key, and to the API with a second key that has scopes.',
      compensatingControl:
        'With mutual TLS, they also present a client certificate. Only /health requires no authentication.',
    });
    acceptFindings(this, ['PCI.DSS.321-APIGWCacheEnabledAndEncrypted'], {
      reason: 'Responses are not cached, because they contain current payments of one merchant.',
      compensatingControl: 'For retries, the API stores responses by Idempotency-Key in its encrypted database.',
    });
    acceptFindings(this, ['PCI.DSS.321-APIGWSSLEnabled'], {
      reason: 'The load balancer does not request a client certificate from API Gateway.',
      compensatingControl: 'Its security group allows only the VPC link of this API Gateway.',
    });
  }
}

function addOperation(
  api: RestApi,
  operation: ExposedOperation,
  integration: Integration,
  integrationTarget: string,
): void {
  const { method, resourcePath, summary, parameters, needsApiKey } = operation;
  const offered = api.root.resourceForPath(resourcePath).addMethod(method, integration, {
    operationName: summary,
    apiKeyRequired: needsApiKey,
    requestParameters: Object.fromEntries(
      parameters.map(({ in: place, name }) => [
        `method.request.${place === 'query' ? 'querystring' : place}.${name}`,
        place === 'path',
      ]),
    ),
  });
  const resource = offered.node.defaultChild as CfnMethod;
  resource.integration = { ...(resource.integration as CfnMethod.IntegrationProperty), integrationTarget };
}

/**
 * Sets the security policy of the API, which applies to all its domain names. AWS's default accepts TLS 1.0.
 *
 * An enhanced policy (forward secrecy only, post-quantum key exchange) does not support mutual TLS.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
 */
function requireTls12(api: RestApi, mutualTls: boolean): void {
  const resource = api.node.defaultChild as CfnRestApi;
  resource.securityPolicy = mutualTls ? SecurityPolicy.TLS_1_2 : SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  if (!mutualTls) resource.endpointAccessMode = 'BASIC';
}
