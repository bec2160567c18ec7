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
import { type ExposedOperation, exposedOperations, stageName } from './exposed-operations';
import { LoadBalancerIntegration } from './load-balancer-integration';
import { refuseWithProblems } from './problem-responses';

/** What the API is told. */
export interface PaymentsRestApiProps {
  readonly names: ResourceNames;
  readonly origin: OriginResources;
  /** A VPC link (V2), as integrations see it. */
  readonly vpcLink: IVpcLink;
  readonly throttle: Throttles['operation'];
  /** Headers that the API gets whatever the client sends: name -> where its value comes from. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether clients may use the name that AWS gives the API. */
  readonly hasDefaultEndpoint: boolean;
  /** Whether clients show a certificate, to a domain name of the API. */
  readonly mutualTls: boolean;
  /** Whether requests are traced with X-Ray. */
  readonly tracing: boolean;
}

/** The API Gateway: each operation of the API as a method of its own, limited by itself, passed on to the load balancer and to nothing else. */
export class PaymentsRestApi extends Construct {
  readonly api: IRestApi;

  constructor(scope: Construct, id: string, props: PaymentsRestApiProps) {
    super(scope, id);
    const { names, origin, vpcLink, throttle, headers, hasDefaultEndpoint, mutualTls, tracing } = props;
    const operations = exposedOperations();
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
        // What API Gateway itself failed at; never what was sent.
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
    // Its own output would stand beside ours, under a name that changes.
    api.node.tryRemoveChild('Endpoint');
    requireTls12(api, mutualTls);
    refuseWithProblems(api);
    for (const operation of operations) {
      offer(
        api,
        operation,
        new LoadBalancerIntegration({ operation, origin, vpcLink, headers }),
        origin.loadBalancerArn,
      );
    }
    this.api = api;
    // Under this name API Gateway would make it itself: unencrypted, kept for ever, and left behind.
    const executionLog = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`,
    });
    api.deploymentStage.node.addDependency(executionLog);
    addOutput(this, 'RestApiExecutionLogGroupName', executionLog.logGroupName);
    this.#acceptFindings();
  }

  #acceptFindings(): void {
    acceptFindings(this, ['AwsSolutions-APIG2'], {
      reason: 'The API validates every request against the schemas that this API Gateway is made from.',
      compensatingControl:
        'Its refusals name the field, which those of API Gateway do not, and nothing unknown passes.',
    });
    acceptFindings(this, ['AwsSolutions-APIG4', 'AwsSolutions-COG4'], {
      reason: 'Clients prove themselves by a key to the API Gateway, and by a second one, with scopes, to the API.',
      compensatingControl:
        'Where the profile asks for it, they show a certificate besides; only /health asks for nothing.',
    });
    acceptFindings(this, ['PCI.DSS.321-APIGWCacheEnabledAndEncrypted'], {
      reason: 'No answer is cached: each is about one merchant’s payments at one moment.',
      compensatingControl:
        'The API keeps the answers that must come twice by their Idempotency-Key, in its encrypted database.',
    });
    acceptFindings(this, ['PCI.DSS.321-APIGWSSLEnabled'], {
      reason: 'The load balancer does not ask API Gateway for a certificate.',
      compensatingControl: 'Its security group admits the VPC link of this API Gateway, and nobody else.',
    });
  }
}

/** Makes one operation a method of its own. */
function offer(api: RestApi, operation: ExposedOperation, integration: Integration, integrationTarget: string): void {
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
 * The policy of an API negotiates TLS under each of its names; AWS's default accepts TLS 1.0.
 *
 * An enhanced policy, with forward secrecy only and post-quantum key exchange, excludes mutual TLS.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
 */
function requireTls12(api: RestApi, mutualTls: boolean): void {
  const resource = api.node.defaultChild as CfnRestApi;
  resource.securityPolicy = mutualTls ? SecurityPolicy.TLS_1_2 : SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  if (!mutualTls) resource.endpointAccessMode = 'BASIC';
}
