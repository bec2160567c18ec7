import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { readCanarySettings } from './canary/canary-environment.ts';
import { makeSyntheticPayment } from './canary/synthetic-payment.ts';
import { readSecret } from './secrets/secret-reader.ts';
import { createLogger } from './telemetry/logger.ts';

let client: APIGatewayClient | undefined;

/**
 * Lambda handler that makes one synthetic payment through the public entrance.
 *
 * @throws Error that names the failed request, so that the metric Errors of the function counts the run
 */
export async function handler(): Promise<void> {
  const { logLevel, environmentName, apiUrl, apiKeySecretArn, gatewayKeyId, timeoutMilliseconds } = readCanarySettings(
    process.env,
  );
  const logger = createLogger(logLevel, environmentName);
  try {
    const [apiKey, gatewayKey] = await Promise.all([readSecret(apiKeySecretArn), readGatewayKey(gatewayKeyId)]);
    const paymentId = await makeSyntheticPayment({ apiUrl, apiKey, gatewayKey, timeoutMilliseconds });
    logger.info({ paymentId }, 'synthetic payment succeeded');
  } catch (error) {
    logger.error({ err: error }, 'synthetic payment failed');
    throw error;
  }
}

async function readGatewayKey(keyId: string | undefined): Promise<string | undefined> {
  if (keyId === undefined) return undefined;
  client ??= new APIGatewayClient();
  const { value } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
  if (value === undefined) throw new Error(`The key ${keyId} of the API Gateway has no value.`);
  return value;
}
