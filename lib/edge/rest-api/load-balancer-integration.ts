import {
  ConnectionType,
  Integration,
  type IntegrationConfig,
  IntegrationType,
  type IVpcLink,
  type Method,
} from 'aws-cdk-lib/aws-apigateway';
import type { OriginResources } from '../../compute/compute-resources';
import type { ExposedOperation } from './exposed-operations';

/** What the integration is told. */
export interface LoadBalancerIntegrationProps {
  readonly operation: ExposedOperation;
  readonly origin: OriginResources;
  readonly vpcLink: IVpcLink;
  /** Headers that the API gets whatever the client sends: name -> where its value comes from. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One operation, passed on to the load balancer as it came.
 *
 * Over HTTPS, API Gateway asks the load balancer for a certificate of the host in the address; where it connects to is the ARN.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
 */
export class LoadBalancerIntegration extends Integration {
  readonly #loadBalancerArn: string;

  constructor({ operation, origin, vpcLink, headers }: LoadBalancerIntegrationProps) {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    super({
      type: IntegrationType.HTTP_PROXY,
      integrationHttpMethod: operation.method,
      uri: `${origin.protocol}://${origin.host}${operation.path}`,
      options: {
        connectionType: ConnectionType.VPC_LINK,
        vpcLink,
        requestParameters: {
          ...Object.fromEntries(
            inPath.map(({ name }) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
          ),
          ...Object.fromEntries(
            Object.entries(headers).map(([name, source]) => [`integration.request.header.${name}`, source]),
          ),
        },
      },
    });
    this.#loadBalancerArn = origin.loadBalancerArn;
  }

  override bind(method: Method): IntegrationConfig {
    // The construct does not know this property, so that it would neither render it nor deploy anew when it changes.
    return { ...super.bind(method), deploymentToken: this.#loadBalancerArn };
  }
}
