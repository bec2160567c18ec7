import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

let client: SecretsManagerClient | undefined;

/**
 * The current string of a secret. Asked for anew each time: callers read when they connect, which is seldom, and a rotated value must
 * be seen at once.
 *
 * @throws when the secret holds no string, or may not be read
 */
export async function readSecret(arn: string): Promise<string> {
  client ??= new SecretsManagerClient({ maxAttempts: 5 });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString === undefined) throw new Error(`Secret ${arn} has no SecretString.`);
  return SecretString;
}
