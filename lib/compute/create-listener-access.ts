import { type CfnListenerRule, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { DeploymentProfile } from '../config/deployment-profile';
import { assertNever } from '../core/assert-never';
import { referToWeakly } from '../core/reference-strength';
import type { ResourceNames } from '../core/resource-names';
import { GeneratedSecret } from '../constructs/generated-secret';
import type { ListenerAccess } from '../ingress/listener-access';

export interface ListenerAccessProps {
  readonly names: ResourceNames;
  readonly secretsKey: IKey;
}

/**
 * Removes the stage name `api` that API Gateway may add to the path of a private integration. Its documentation says so, but its examples
 * show no stage name. With this rewrite, the API receives the same path in both cases.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
 */
const withoutStage: CfnListenerRule.TransformProperty = {
  type: 'url-rewrite',
  urlRewriteConfig: { rewrites: [{ regex: '^/api/(api/|health)(.*)$', replace: '/$1$2' }] },
};

/** The access rules of the load balancer's listener for each kind of ingress. */
export function createListenerAccess(
  scope: Construct,
  { ingress, originSecretGeneration, site }: DeploymentProfile,
  { names, secretsKey }: ListenerAccessProps,
): ListenerAccess {
  switch (ingress.kind) {
    case 'cloudfront': {
      const secretOf = (generation: number) => {
        const suffix = generation === 1 ? '' : String(generation);
        const secret = new GeneratedSecret(scope, `OriginSecret${suffix}`, {
          secretName: names.of('secret', `origin${suffix}`),
          description:
            'Header value that the load balancer requires from CloudFront; it rejects other requests with 403',
          key: secretsKey,
          withoutRotation:
            'CloudFront and load balancer must change in a fixed order. originSecretGeneration replaces the secret without an interruption.',
        });
        // The Edge stack refers to the generation. A strong reference would prevent the deployment of the next one.
        referToWeakly(secret);
        return secret;
      };
      const secret = secretOf(originSecretGeneration);
      // CloudFront sends the previous value until the Edge stack is updated, after this one.
      const former = originSecretGeneration > 1 ? [secretOf(originSecretGeneration - 1)] : [];
      const name = 'x-origin-verify';
      return {
        // Dynamic references, so no template contains the values.
        condition: ListenerCondition.httpHeader(
          name,
          [secret, ...former].map(({ secretValue }) => secretValue.unsafeUnwrap()),
        ),
        isInternetFacing: true,
        from: 'CloudFront',
        secretHeader: { name, secret },
        hostLabel: 'origin',
      };
    }
    case 'public-https':
      return {
        condition: ListenerCondition.pathPatterns(['/api/*', '/health', '/ready']),
        isInternetFacing: true,
        from: 'the internet',
        secretHeader: undefined,
        hostLabel: site ? 'api' : undefined,
      };
    case 'api-gateway':
      return {
        condition: ListenerCondition.pathPatterns(['/api/*', '/health']),
        isInternetFacing: false,
        from: 'API Gateway',
        transforms: [withoutStage],
        secretHeader: undefined,
        hostLabel: 'origin',
      };
    default:
      return assertNever(ingress);
  }
}
