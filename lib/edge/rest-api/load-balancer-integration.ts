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

export interface LoadBalancerIntegrationProps {
  readonly operation: ExposedOperation;
  readonly origin: OriginResources;
  readonly vpcLink: IVpcLink;
  /** Headers that API Gateway sets or overwrites: name -> source of the value. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A proxy integration of one operation with the load balancer.
 *
 * API Gateway connects to the load balancer by its ARN. With HTTPS, the certificate must be valid for the host of the URI.
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
    // CDK does not support integrationTarget. The token makes a change of the load balancer create a new deployment.
    return { ...super.bind(method), deploymentToken: this.#loadBalancerArn };
  }
}
