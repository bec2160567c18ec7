import type { Payment, Problem, Session } from '@payment-platform/app/api-types';
import { http, HttpResponse, type HttpHandler } from 'msw';
import { setupServer } from 'msw/node';

/** The base URL of the fake API. */
export const baseUrl = 'http://localhost/api/v1';

export const session: Session = {
  merchant: { id: '0198b1c0-0000-7000-8000-000000000001', name: 'Corner shop' },
  scopes: ['payments:read', 'payments:write', 'refunds:write', 'reports:read', 'keys:write', 'webhooks:write'],
  expiresAt: null,
  person: null,
};

const signedIn = http.get(`${baseUrl}/session`, () => HttpResponse.json(session));

/** The list of payments asks which currencies the merchant uses. */
const noTotals = http.get(`${baseUrl}/summary/daily`, () => HttpResponse.json({ items: [] }));

export const api = setupServer(signedIn, noTotals);

/** A captured payment of 10.50 EUR with the given changes. */
export function payment(changes: Partial<Payment> = {}): Payment {
  return {
    id: '0198b1c0-0000-7000-8000-00000000000a',
    status: 'captured',
    amountMinor: 1050,
    capturedAmountMinor: 1050,
    refundedAmountMinor: 0,
    currency: 'EUR',
    paymentToken: 'tok_approve',
    reference: 'order-1',
    description: null,
    declineCode: null,
    nextAction: null,
    metadata: {},
    createdAt: '2026-03-01T10:00:00.123456Z',
    updatedAt: '2026-03-01T10:00:00.123456Z',
    ...changes,
  };
}

/** An error response with a problem document. */
export function problemResponse(
  status: number,
  slug: string,
  changes: Partial<Problem> = {},
  headers: Record<string, string> = {},
) {
  const body: Problem = {
    type: `/problems/${slug}`,
    title: 'Refused',
    status,
    detail: `This is ${slug}.`,
    instance: '/api/v1/payments',
    correlationId: 'correlation-1',
    ...changes,
  };
  return HttpResponse.json(body, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
}

/** Responds to POST `path` with each of `answers` in turn, and records the requests. */
export function postAnswers(path: string, ...answers: (() => Response)[]) {
  const sent: { key: string | null; body: unknown }[] = [];
  const handler: HttpHandler = http.post(baseUrl + path, async ({ request }) => {
    sent.push({ key: request.headers.get('idempotency-key'), body: await request.json() });
    const answer = answers[sent.length - 1];
    if (!answer) throw new Error(`POST ${path} was sent ${sent.length} times; the test expected ${answers.length}.`);
    return answer();
  });
  api.use(handler);
  return sent;
}
