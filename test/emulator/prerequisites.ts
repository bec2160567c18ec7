import { App, CfnOutput, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { profileContexts } from '../support/profile-contexts';

/*
 * A CDK app of what some profiles expect to exist already: a hosted zone, a secret with the database's credentials, a repository of images.
 *
 * CONTEXT_OF names the profile, and REGION where it is at home.
 */

const context = profileContexts[process.env['CONTEXT_OF'] ?? ''] ?? {};
const { domainName, hostedZoneId, databaseSecretName, imageRepositoryName } = context;
const stack = new Stack(new App(), 'Prerequisites', {
  stackName: `prerequisites-${process.env['CONTEXT_OF'] ?? ''}`,
  env: { region: process.env['REGION'] },
});
if (domainName !== undefined && hostedZoneId !== undefined) {
  const zone = new PublicHostedZone(stack, 'Zone', { zoneName: domainName });
  new CfnOutput(stack, 'HostedZoneId', { value: zone.hostedZoneId });
}
if (databaseSecretName !== undefined) {
  new Secret(stack, 'DatabaseCredentials', {
    secretName: databaseSecretName,
    secretStringValue: SecretValue.unsafePlainText('{"username":"payments_admin","password":"only-in-the-emulator"}'),
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
if (imageRepositoryName !== undefined) {
  new Repository(stack, 'Images', {
    repositoryName: imageRepositoryName,
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
