import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  type IOidcProvider,
  ManagedPolicy,
  OidcProviderNative,
  type PolicyStatement,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../compliance/accepted-findings';
import type { DeliveryInputs } from './delivery-inputs';
import {
  deployAnyStack,
  deployPreviews,
  publishAssets,
  readDeployments,
  readPreviewSecrets,
  readStacks,
} from './deployment-permissions';

const issuer = 'token.actions.githubusercontent.com';

/** An environment of GitHub, whose jobs may assume one role. */
interface DeliveryRole {
  /** The name of GitHub's environment, which is a part of the token's subject. */
  readonly environment: string;
  readonly description: string;
  readonly statements: readonly PolicyStatement[];
}

/**
 * The roles that the workflows in `.github/workflows` assume by OpenID Connect, without stored keys.
 *
 * An administrator deploys this stack once in an account. It is no part of the platform: destroying an environment leaves it in place.
 *
 * @see https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 */
export class DeliveryStack extends Stack {
  readonly #repository: string;
  readonly #issuerArn: string;

  constructor(scope: Construct, id: string, { repository, identityProvider, region }: DeliveryInputs) {
    super(scope, id, {
      stackName: 'payment-delivery',
      description: `Roles of the workflows of ${repository}`,
      env: { region },
      terminationProtection: true,
    });
    this.#repository = repository;
    this.#issuerArn =
      identityProvider === 'created'
        ? this.#createProvider().oidcProviderArn
        : this.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: issuer });

    this.#createRole('Preview', {
      environment: 'preview',
      description: 'Deploys, tests and destroys previews of pull requests',
      statements: [publishAssets(), readStacks(), ...deployPreviews(), readDeployments(), ...readPreviewSecrets()],
    });
    this.#createRole('Release', {
      environment: 'production',
      description: 'Deploys releases',
      statements: [publishAssets(), deployAnyStack(), readStacks(), readDeployments()],
    });
  }

  #createProvider(): IOidcProvider {
    return new OidcProviderNative(this, 'GitHub', { url: `https://${issuer}`, clientIds: ['sts.amazonaws.com'] });
  }

  #createRole(id: string, { environment, description, statements }: DeliveryRole): void {
    const policy = new ManagedPolicy(this, `${id}Policy`, {
      managedPolicyName: `payment-delivery-${environment}`,
      statements: [...statements],
    });
    acceptFindings(policy, wildcards(policy, statements), {
      reason: 'The names of what a future deployment creates are not known when this role is created.',
      compensatingControl:
        'Reading needs no more than the listed actions; changes are limited to roles and names by pattern.',
    });
    const role = new Role(this, id, {
      roleName: `payment-delivery-${environment}`,
      description,
      // A job outlives the deployment of CodeDeploy and a rollback.
      maxSessionDuration: Duration.hours(4),
      assumedBy: new WebIdentityPrincipal(this.#issuerArn, {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: `repo:${this.#repository}:environment:${environment}`,
        },
      }),
      managedPolicies: [policy],
    });
    new CfnOutput(this, `${id}RoleArn`, { value: role.roleArn });
  }
}

/** The ids under which cdk-nag reports the wildcards of a policy. */
const wildcards = (scope: Construct, statements: readonly PolicyStatement[]) => {
  const actions = statements.flatMap((statement) => statement.actions.filter((action) => action.includes('*')));
  const resources = statements.flatMap((statement) => statement.resources.filter((arn) => arn.includes('*')));
  return [
    ...actions.map((action) => `AwsSolutions-IAM5[Action::${action}]`),
    ...resources.map((arn) => wildcardResource(scope, arn)),
  ];
};
