import { randomUUID } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
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

/** What the API said: `undefined` for a body that is not JSON. */
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

/** Takes a payment through the public address. @throws when nothing answers */
export async function takePayment(url: string, apiKey: string): Promise<ApiAnswer> {
  const response = await fetch(new URL('/api/v1/payments', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(samplePayment),
    // A key goes to the address that it was meant for, and to no other.
    redirect: 'error',
    signal: AbortSignal.timeout(answerWithinMilliseconds),
  });
  const text = await response.text();
  return { status: response.status, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The payment was made: authorized by the acquirer and captured, for the amount that was asked. */
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

/** The status with which an address answers, or that nothing answers there. */
export type DirectAnswer = number | 'nothing';

/** Asks the load balancer itself; its certificate names the domain, not the load balancer, and nothing secret is sent. */
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

/** The load balancer refuses what no rule admits; one behind CloudFront may as well not be reached at all, as its firewall has it. */
export function directAnswerProblems(answer: DirectAnswer, admitsEverybody: boolean): string[] {
  return problems([
    [
      answer === 403 || (answer === 'nothing' && !admitsEverybody),
      `the load balancer's own address answers with ${answer}, not 403`,
    ],
  ]);
}
