import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

let client: SecretsManagerClient | undefined;

/**
 * Reads the AWSCURRENT string of a secret. It is not cached, because callers read it rarely and must see a rotated value immediately.
 *
 * @throws when the secret has no string, or access is denied
 */
export async function readSecret(arn: string): Promise<string> {
  client ??= new SecretsManagerClient({ maxAttempts: 5 });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString === undefined) throw new Error(`Secret ${arn} has no SecretString.`);
  return SecretString;
}
