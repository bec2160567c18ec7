import { STATUS_CODES } from 'node:http';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema, RouteOptions } from 'fastify';
import { describedWebhooks } from '../webhooks/described-webhooks.ts';
import type { Admission } from './authentication.ts';
import { withDeepObjects } from './deep-objects.ts';
import { addExamples } from './documented-examples.ts';
import { nameSchemas } from './named-schemas.ts';
import { problemResponses } from './operation-problems.ts';

const idempotencyKey = {
  'Idempotency-Key': {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{1,255}$',
    description: 'New for each intention, the same in each retry',
  },
};

/** Operations that move no money. */
const isWithoutKey = /^\/api\/v1\/(session$|api-keys|webhook-endpoints|acquirer-events|admin\/)/;

/** Groups of operations by the first segment of their path, unless the operation has tags of its own. */
const tags = {
  payments: 'Take, find, capture, void and refund payments.',
  refunds: 'Refunds of all payments.',
  documents: 'Evidence of a payment. Contents are uploaded to and downloaded from the document store itself.',
  ledger: 'Double-entry bookkeeping: entries and balances of accounts.',
  summary: 'Totals of each day.',
  reports: 'The rows of a period as a file of any size.',
  'api-keys': "A merchant's own keys.",
  'webhook-endpoints': 'Where a merchant receives events, what was delivered, and sending it again.',
  'acquirer-events':
    'Notices of the acquirer, authenticated by their signature. An API Gateway has them with Stripe only.',
  console: 'Sessions of the merchant console. An API Gateway omits them.',
  operator: 'Administration of merchants, for operators. An API Gateway omits it unless the profile exposes it.',
};

const description = `Amounts are integers in the minor unit of their currency: 1050 EUR is 10.50 €. Times are UTC, in ISO 8601.

**Idempotency.** Every POST that moves money or stores a document needs an \`Idempotency-Key\`. Use a new key for each intention and the same
key in each retry. The same key and body give the same response, with \`Idempotent-Replayed: true\`.

**Pages.** Lists are in a total order, newest first. Pass \`nextCursor\` of a page as \`cursor\` to get the next one; it is null on the last
page. An item that is created meanwhile moves no other item to another page.

**Webhooks.** Your endpoint receives events of payments, signed as Standard Webhooks says. Verify the signature before you parse the body.

**Errors** are problems (RFC 9457). Their \`type\` leads to a page that explains the problem and its remedy.`;

/** The tags of an operation: its own, or that of the resource in its path. */
function tagsOf(url: string, own: readonly string[] | undefined): string[] {
  if (own?.length) return [...own];
  const [resource = '', , collection] = url.replace('/api/v1/', '').split('/');
  return [collection === 'documents' ? collection : resource];
}

/** Adds the Idempotency-Key to the headers of a route. */
function withKey(headers: unknown) {
  const { properties = {} } = (headers ?? {}) as { readonly properties?: object };
  return { type: 'object', required: ['Idempotency-Key'], properties: { ...idempotencyKey, ...properties } };
}

/** Who may call a route: the scope of a merchant, any merchant, operators, or everyone. */
function admittedBy({ onRequest }: RouteOptions): Admission['admits'] | 'everyone' {
  const hooks = [onRequest].flat() as readonly (Partial<Admission> | undefined)[];
  return hooks.find((hook) => hook?.admits)?.admits ?? 'everyone';
}

/** The security requirements. OpenAPI 3.1 lists the roles of a scheme that has no scopes of its own. */
function securityOf(admits: Admission['admits'] | 'everyone') {
  if (admits === 'everyone') return [];
  if (admits === 'operators') return [{ operatorKey: [] }];
  const scopes = admits === 'merchants' ? [] : [admits];
  return [{ apiKey: scopes }, { session: scopes }];
}

/** The schema of a route as the document shows it. The handlers check more than the schemas say. */
function documented(schema: FastifySchema, url: string, route: RouteOptions): FastifySchema {
  const { querystring } = schema as { readonly querystring?: { readonly properties?: object } };
  // The handler checks the key, so that a missing one has its own problem type.
  const needsKey = route.method === 'POST' && !isWithoutKey.test(url);
  const admits = admittedBy(route);
  const problems = problemResponses({
    hasBody: schema.body !== undefined,
    hasPathParameters: url.includes(':'),
    hasCursor: 'cursor' in (querystring?.properties ?? {}),
    needsKey,
    admits: admits === 'operators' || admits === 'everyone' ? admits : 'merchants',
    own: route.config?.problems ?? [],
  });
  return {
    ...schema,
    ...(needsKey && { headers: withKey(schema.headers) }),
    tags: tagsOf(url, schema.tags),
    security: securityOf(admits),
    response: { ...withDescriptions(schema.response as Record<string, object>), ...problems },
  };
}

/** Describes each response that is a bare schema by the name of its status. */
function withDescriptions(responses: Readonly<Record<string, object>>): Record<string, object> {
  const described = Object.entries(responses).map(([status, response]): [string, object] => {
    if ('content' in response) return [status, response];
    const description = STATUS_CODES[status];
    const isEmpty = 'type' in response && response.type === 'null';
    return [
      status,
      { description, ...(isEmpty ? response : { content: { 'application/json': { schema: response } } }) },
    ];
  });
  return Object.fromEntries(described);
}

/** Options that generate the OpenAPI document from the route schemas. */
export const openApi = (cookieName: string): FastifyDynamicSwaggerOptions => ({
  transform: ({ schema, url, route }) => ({ url, schema: schema.hide ? schema : documented(schema, url, route) }),
  transformObject: (document) =>
    'openapiObject' in document
      ? addExamples(nameSchemas({ ...withDeepObjects(document.openapiObject), webhooks: describedWebhooks }))
      : {},
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Payments API', version: '1.0.0', description },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'The API key of a merchant, `sk_…`' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName, description: 'A session of the console' },
        operatorKey: { type: 'http', scheme: 'bearer', description: 'The key of an operator, `ok_…`' },
      },
    },
  },
});
