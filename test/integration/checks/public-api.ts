import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

const answerWithinMilliseconds = 20_000;

/** The first API key of the platform. Never log it. @throws when the compute stack has no such secret or it is empty */
export async function readFirstApiKey(client: SecretsManagerClient, compute: StackResources): Promise<string> {
  const SecretId = compute.all('AWS::SecretsManager::Secret').find((arn) => arn.includes('first-api-key'));
  if (SecretId === undefined) throw new Error('The compute stack has no secret first-api-key.');
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  if (!SecretString) throw new Error('The secret first-api-key is empty.');
  return SecretString;
}

/** The value of the first key of the API Gateway. Never log it. @throws when it has none */
export async function readGatewayKey(client: APIGatewayClient, apiKey: string): Promise<string> {
  const { value } = await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
  if (!value) throw new Error(`The API key ${apiKey} of the API Gateway has no value.`);
  return value;
}

/**
 * The certificate of a client whom the truststore admits.
 *
 * @throws one sentence with the remedy when nobody said where it is
 */
export function readClientCertificate(environment = process.env): { cert: string; key: string } {
  const { CLIENT_CERTIFICATE: cert, CLIENT_KEY: key } = environment;
  if (cert === undefined || key === undefined) {
    throw new Error(
      'This API asks for a certificate; set CLIENT_CERTIFICATE and CLIENT_KEY to the paths of one that an authority of the truststore has issued.',
    );
  }
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** The parsed response; `undefined` for a body that is not JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The payment that the check takes; the simulated acquirer approves it. */
const samplePayment = {
  amountMinor: 1050,
  currency: 'EUR',
  paymentToken: 'tok_approve',
  capture: 'automatic',
} as const;

/** The credentials of the client. Never log them. */
export interface PaymentClient {
  /** The merchant's key, for the API. */
  readonly apiKey: string;
  /** For the API Gateway. @default - there is none */
  readonly gatewayKey?: string | undefined;
  /** As PEM, for mutual TLS. @default - none is shown */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

/** Creates a payment at the public URL. @throws on a failed connection and on redirects, because keys must not be sent elsewhere */
export async function takePayment(url: string, client: PaymentClient): Promise<ApiAnswer> {
  const { apiKey, gatewayKey, certificate } = client;
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
    ...(gatewayKey !== undefined && { 'x-api-key': gatewayKey }),
  };
  const { status, text } = await post(new URL('/api/v1/payments', url), headers, certificate);
  if (status >= 300 && status < 400) throw new Error(`The API answers with a redirection (${status}).`);
  return { status, body: parsed(text) };
}

function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  certificate: PaymentClient['certificate'],
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(answerWithinMilliseconds) };
    const request =
      url.protocol === 'https:' ? requestHttps(url, { ...options, ...certificate }) : requestHttp(url, options);
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    request.end(JSON.stringify(samplePayment));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The payment was made: authorized by the acquirer and captured, for the requested amount. */
export function paymentProblems({ status, body }: ApiAnswer): string[] {
  const payment = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { amountMinor, currency } = samplePayment;
  return problems([
    [status === 201, `a payment was answered with ${status}, not 201`],
    [payment['status'] === 'captured', `the payment is ${String(payment['status'])}, not captured`],
    [
      payment['amountMinor'] === amountMinor && payment['currency'] === currency,
      `the payment is not about ${amountMinor} ${currency}`,
    ],
  ]);
}

/** The response status of a URL, or that there is no response. */
export type DirectAnswer = number | 'nothing';

/** Calls the load balancer directly. Its certificate is valid for the domain, and the request contains no secret. */
export function askDirectly(url: URL): Promise<DirectAnswer> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, timeout: answerWithinMilliseconds };
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 'nothing');
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve('nothing');
    });
    // After `destroy` without an error.
    request.on('close', () => {
      resolve('nothing');
    });
    request.end();
  });
}

/** The load balancer returns 403. Behind CloudFront, its security group may also drop the connection. */
export function directAnswerProblems(answer: DirectAnswer, admitsEverybody: boolean): string[] {
  return problems([
    [
      answer === 403 || (answer === 'nothing' && !admitsEverybody),
      `the load balancer's own address answers with ${answer}, not 403`,
    ],
  ]);
}
