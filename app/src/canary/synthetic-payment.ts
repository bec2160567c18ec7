import { randomUUID } from 'node:crypto';

/** The public entrance of the API, and how the canary identifies itself. */
export interface Entrance {
  /** `https://pay.example.com/api/v1` */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** The key of the API Gateway's usage plan; `undefined` without one. */
  readonly gatewayKey: string | undefined;
  /** The longest wait for one response. */
  readonly timeoutMilliseconds: number;
}

/** The fields of a payment that the canary checks. */
interface CheckedPayment {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly capturedAmountMinor?: unknown;
  readonly refundedAmountMinor?: unknown;
}

const amountMinor = 100;

/**
 * Makes a payment, refunds it, and reads it again, as a merchant does.
 *
 * @returns the id of the payment
 * @throws Error that names the request, its correlation id, and what differs from the expected response
 */
export async function makeSyntheticPayment(entrance: Entrance): Promise<string> {
  const created = await send(entrance, 'POST', '/payments', 201, {
    amountMinor,
    currency: 'EUR',
    paymentToken: 'tok_approve',
    capture: 'automatic',
    reference: 'canary',
  });
  expectFields('POST /payments', created, { status: 'captured', capturedAmountMinor: amountMinor });
  const path = `/payments/${String(created.id)}`;
  await send(entrance, 'POST', `${path}/refunds`, 201, { amountMinor });
  const refunded = await send(entrance, 'GET', path, 200);
  expectFields(`GET ${path}`, refunded, { status: 'refunded', refundedAmountMinor: amountMinor });
  return String(created.id);
}

async function send(
  { apiUrl, apiKey, gatewayKey, timeoutMilliseconds }: Entrance,
  method: 'GET' | 'POST',
  path: string,
  expected: number,
  body?: object,
): Promise<CheckedPayment> {
  const correlationId = `canary-${randomUUID()}`;
  try {
    const response = await fetch(apiUrl + path, {
      method,
      // A redirect would send the key elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        authorization: `Bearer ${apiKey}`,
        // AWS's managed rules block requests without one.
        'user-agent': 'payment-platform-canary',
        'x-correlation-id': correlationId,
        ...(gatewayKey !== undefined && { 'x-api-key': gatewayKey }),
        ...(body && { 'content-type': 'application/json', 'idempotency-key': correlationId }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expected)
      throw new Error(`status ${response.status} instead of ${expected}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as CheckedPayment;
  } catch (error) {
    throw new Error(`${method} ${path} (${correlationId}): ${reasonOf(error)}`, { cause: error });
  }
}

/** `fetch` states the reason of a failed connection in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function expectFields(request: string, payment: CheckedPayment, expected: Partial<CheckedPayment>): void {
  const wrong = Object.entries(expected).flatMap(([field, value]) => {
    const actual = payment[field as keyof CheckedPayment];
    return actual === value ? [] : [`${field} is ${JSON.stringify(actual)} instead of ${JSON.stringify(value)}`];
  });
  if (wrong.length > 0) throw new Error(`${request}, payment ${String(payment.id)}: ${wrong.join(', ')}`);
}
