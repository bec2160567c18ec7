import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type Stripe from 'stripe';

/** Fields of Stripe's objects that the connector reads. The SDK's types are generated from Stripe's public description. */
type Intent = Pick<
  Stripe.PaymentIntent,
  'id' | 'object' | 'amount' | 'amount_received' | 'currency' | 'metadata' | 'status'
> & {
  readonly isManual: boolean;
  last_payment_error: { readonly code?: string; readonly decline_code?: string } | null;
  next_action: { readonly type: string; readonly redirect_to_url: { readonly url: string } } | null;
};
type Refund = Pick<Stripe.Refund, 'id' | 'object' | 'amount' | 'metadata' | 'status'> & {
  readonly payment_intent: string;
};

interface Reply {
  readonly status: number;
  readonly body: unknown;
}
type Form = Readonly<Record<string, string>>;

const ok = (body: unknown): Reply => ({ status: 200, body });
const failure = (status: number, error: Readonly<Record<string, unknown>>): Reply => ({ status, body: { error } });
const unexpectedState = () =>
  failure(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message: 'State' });

/** What the issuer of a test card says; the names are those of Stripe's test PaymentMethods. */
const issuerDeclines: Readonly<Record<string, string>> = {
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_visa_chargeDeclinedStolenCard: 'stolen_card',
  pm_card_visa_chargeDeclinedFraudulent: 'fraudulent',
};

/**
 * A server that behaves as Stripe's API does for the requests of the connector: idempotency keys with the first answer replayed, states of
 * intents, declines as 402. It refuses parameters that it does not know, as Stripe does.
 *
 * @see https://docs.stripe.com/api
 */
export class StripeDouble {
  readonly intents = new Map<string, Intent>();
  readonly refunds = new Map<string, Refund>();
  /** The requests as `POST /v1/payment_intents`, in order. */
  readonly requests: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Executes this many requests and then closes the connection without an answer. */
  loseAnswers = 0;
  /** Answers this many requests with an error of the server, and executes none. */
  failures = 0;
  /** The status of a new refund. */
  refundStatus = 'succeeded';
  readonly #replies = new Map<string, Reply>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(): Promise<StripeDouble> {
    const double = new StripeDouble();
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get address() {
    const { port } = this.#server.address() as AddressInfo;
    return { host: '127.0.0.1', port, protocol: 'http' } as const;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Lets the customer pass or fail 3-D Secure. */
  finishChallenge(id: string, isPassed: boolean): void {
    const intent = this.intents.get(id);
    if (intent?.status !== 'requires_action') throw new Error(`The intent ${id} needs no action.`);
    const { amount, isManual } = intent;
    Object.assign(intent, {
      next_action: null,
      ...(isPassed
        ? { status: isManual ? 'requires_capture' : 'succeeded', amount_received: isManual ? 0 : amount }
        : {
            status: 'requires_payment_method',
            last_payment_error: { code: 'payment_intent_authentication_failure' },
          }),
    });
  }

  /** Forgets all idempotency keys, as Stripe does after a day. */
  forgetKeys(): void {
    this.#replies.clear();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    this.requests.push(`${request.method} ${pathname}`);
    this.authorizations.push(request.headers.authorization);
    if (this.failures > 0) {
      this.failures -= 1;
      send(response, failure(500, { type: 'api_error', message: 'Try again' }));
      return;
    }
    const key = String(request.headers['idempotency-key']);
    const reply =
      request.method === 'GET'
        ? this.#read(pathname, searchParams)
        : (this.#replies.get(key) ?? this.#write(pathname, form));
    if (request.method === 'POST') this.#replies.set(key, reply);
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      request.socket.destroy();
      return;
    }
    send(response, reply);
  }

  #write(pathname: string, form: Form): Reply {
    const [, , resource, id, action] = pathname.split('/');
    if (resource === 'refunds') return this.#refund(form);
    if (id === undefined) return this.#create(form);
    const intent = this.intents.get(id);
    if (!intent) return missing(id);
    return action === 'capture' ? capture(intent, form) : cancel(intent, form);
  }

  #create(form: Form): Reply {
    const known = ['amount', 'currency', 'payment_method', 'allowed_payment_method_types[0]', 'capture_method'];
    const unknown = unknownIn(form, [
      ...known,
      'confirm',
      'error_on_requires_action',
      'return_url',
      'metadata[reference]',
    ]);
    if (unknown) return unknown;
    const { payment_method: method = '', capture_method: captureMethod } = form;
    if (!method.startsWith('pm_card_')) return missing(method);
    const isChallenged = method === 'pm_card_authenticationRequired';
    if (isChallenged && form['error_on_requires_action'] === 'true') {
      return failure(402, { type: 'card_error', code: 'authentication_required', message: 'Authentication' });
    }
    const declineCode = issuerDeclines[method];
    const amount = Number(form['amount']);
    const isManual = captureMethod === 'manual';
    const isCaptured = declineCode === undefined && !isManual && !isChallenged;
    const intent: Intent = {
      id: `pi_${randomUUID().replaceAll('-', '')}`,
      object: 'payment_intent',
      amount,
      amount_received: isCaptured ? amount : 0,
      currency: form['currency'] ?? '',
      metadata: { reference: form['metadata[reference]'] ?? '' },
      status: isChallenged
        ? 'requires_action'
        : declineCode !== undefined
          ? 'requires_payment_method'
          : isCaptured
            ? 'succeeded'
            : 'requires_capture',
      isManual,
      next_action: isChallenged
        ? { type: 'redirect_to_url', redirect_to_url: { url: 'https://hooks.stripe.com/redirect' } }
        : null,
      last_payment_error: declineCode === undefined ? null : { code: 'card_declined', decline_code: declineCode },
    };
    this.intents.set(intent.id, intent);
    // A repeated request is answered with the first answer, so it must not change with the intent.
    if (declineCode === undefined) return ok({ ...intent });
    return failure(402, {
      type: 'card_error',
      ...intent.last_payment_error,
      message: 'Declined',
      payment_intent: intent,
    });
  }

  #refund(form: Form): Reply {
    const unknown = unknownIn(form, ['payment_intent', 'amount', 'metadata[reference]']);
    if (unknown) return unknown;
    const { payment_intent: id = '', amount } = form;
    const intent = this.intents.get(id);
    if (!intent) return missing(id);
    const refunded = [...this.refunds.values()].filter(({ payment_intent: of }) => of === id);
    const total = refunded.reduce((sum, refund) => sum + refund.amount, Number(amount));
    if (total > intent.amount_received) {
      return failure(400, { type: 'invalid_request_error', code: 'charge_already_refunded', message: 'Refunded' });
    }
    const refund: Refund = {
      id: `re_${randomUUID().replaceAll('-', '')}`,
      object: 'refund',
      amount: Number(amount),
      metadata: { reference: form['metadata[reference]'] ?? '' },
      status: this.refundStatus,
      payment_intent: id,
    };
    this.refunds.set(refund.id, refund);
    return ok({ ...refund });
  }

  #read(pathname: string, query: URLSearchParams): Reply {
    const [, , resource, id = ''] = pathname.split('/');
    if (resource === 'refunds' && id === '') {
      const data = [...this.refunds.values()].filter(({ payment_intent: of }) => of === query.get('payment_intent'));
      return ok({ object: 'list', data, has_more: false, url: pathname });
    }
    if (id === 'search') {
      const reference = /^metadata\["reference"\]:"([^"]+)"$/.exec(query.get('query') ?? '')?.[1];
      const data = [...this.intents.values()].filter(({ metadata }) => metadata['reference'] === reference);
      return ok({ object: 'search_result', data, has_more: false, url: pathname });
    }
    const found = resource === 'refunds' ? this.refunds.get(id) : this.intents.get(id);
    return found ? ok(found) : missing(id);
  }
}

function capture(intent: Intent, form: Form): Reply {
  const unknown = unknownIn(form, ['amount_to_capture']);
  if (unknown) return unknown;
  if (intent.status !== 'requires_capture') return unexpectedState();
  const amount = Number(form['amount_to_capture']);
  if (amount > intent.amount) return failure(400, { type: 'invalid_request_error', code: 'amount_too_large' });
  Object.assign(intent, { status: 'succeeded', amount_received: amount });
  return ok({ ...intent });
}

function cancel(intent: Intent, form: Form): Reply {
  const unknown = unknownIn(form, []);
  if (unknown) return unknown;
  if (!['requires_capture', 'requires_action'].includes(intent.status)) return unexpectedState();
  intent.status = 'canceled';
  return ok({ ...intent });
}

function unknownIn(form: Form, known: readonly string[]): Reply | undefined {
  const name = Object.keys(form).find((each) => !known.includes(each));
  if (name === undefined) return undefined;
  return failure(400, { type: 'invalid_request_error', code: 'parameter_unknown', message: name });
}

const missing = (id: string) =>
  failure(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such object: ${id}` });

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
