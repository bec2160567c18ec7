import type { DeploymentProfile } from '../config/deployment-profile';
import { assertNever } from '../core/assert-never';
import { ApiGatewayIngress } from './api-gateway-ingress';
import { CloudFrontIngress } from './cloudfront-ingress';
import type { IIngress } from './ingress';
import { PublicHttpsIngress } from './public-https-ingress';

/** The one place that knows the class of each kind of ingress. */
export function createIngress({ ingress, originSecretGeneration, site }: DeploymentProfile): IIngress {
  switch (ingress.kind) {
    case 'cloudfront':
      return new CloudFrontIngress(originSecretGeneration);
    case 'public-https':
      // A console has the domain itself.
      return new PublicHttpsIngress(site ? 'api' : undefined);
    case 'api-gateway':
      return new ApiGatewayIngress();
    default:
      return assertNever(ingress);
  }
}
