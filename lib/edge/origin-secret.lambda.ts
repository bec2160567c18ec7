import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { OriginSecretProperties } from './origin-secret-value';

/** Returns the value of a secret of any region. `NoEcho` keeps it out of stack events. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<object> {
  const { SecretArn } = event.ResourceProperties as unknown as OriginSecretProperties;
  if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId };
  const [, , , region] = SecretArn.split(':');
  const client = new SecretsManagerClient(region === undefined ? {} : { region });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: SecretArn }));
  if (SecretString === undefined) throw new Error(`The secret ${SecretArn} has no string value.`);
  return { PhysicalResourceId: 'origin-secret-value', NoEcho: true, Data: { Value: SecretString } };
}
