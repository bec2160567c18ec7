import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../lib/edge/origin-secret.lambda';

const secrets = mockClient(SecretsManagerClient);
const SecretArn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:origin-AbCdEf';
const event = (RequestType: string) =>
  ({
    RequestType,
    PhysicalResourceId: 'before',
    ResourceProperties: { SecretArn },
  }) as unknown as CloudFormationCustomResourceEvent;

beforeEach(() => {
  secrets.reset();
  secrets.on(GetSecretValueCommand, { SecretId: SecretArn }).resolves({ SecretString: 'the-value' });
});

test.each(['Create', 'Update'])('%s reads the secret in its region and returns it with NoEcho', async (type) => {
  await expect(handler(event(type))).resolves.toEqual({
    PhysicalResourceId: 'origin-secret-value',
    NoEcho: true,
    Data: { Value: 'the-value' },
  });
  const [client] = secrets
    .commandCalls(GetSecretValueCommand)
    .map(({ thisValue }) => thisValue as SecretsManagerClient);
  await expect(client?.config.region()).resolves.toBe('eu-south-2');
});

test('Delete reads nothing, because the secret may be deleted', async () => {
  await expect(handler(event('Delete'))).resolves.toEqual({ PhysicalResourceId: 'before' });
  expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(0);
});

test('throws for a secret without a string value', async () => {
  secrets.on(GetSecretValueCommand).resolves({});
  await expect(handler(event('Create'))).rejects.toThrow(SecretArn);
});
