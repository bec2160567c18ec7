import type { ProblemSlug } from './problems.ts';

/** What each problem of the API means and what its client does about it, for the page to which its `type` leads. */
export const explanations: Readonly<Record<ProblemSlug, string>> = {
  'validation-failed':
    'A field of the body, the query or the path is missing, unknown or invalid. `errors` has a JSON pointer to each field and what it must be. Correct the fields and send the request again.',
  'malformed-json':
    'The body is empty, is not valid JSON, or is not as long as Content-Length says. Send a JSON object.',
  'malformed-request': 'The request is not valid HTTP. Look for a proxy or a client that changes it.',
  'idempotency-key-missing':
    'A request that moves money or stores a document needs an Idempotency-Key of 1 to 255 visible ASCII characters. Use a new key, such as a UUID, for each intention, and the same key in each retry.',
  'cursor-invalid': 'Pass the nextCursor of the previous page unchanged, or start again without a cursor.',
  unauthenticated:
    'The key is missing, unknown, expired or revoked, or its merchant is suspended. Send a valid API key as a bearer token, or sign in to the console again.',
  'signature-invalid':
    'The acquirer did not sign this event, or signed it long ago. Store the signing secret of the endpoint, which the acquirer shows, beside its key, and check the clock of the server.',
  'capture-declined':
    'The acquirer declined the capture, and the payment is still authorized. declineCode has the reason. Retry with a new Idempotency-Key.',
  'refund-declined':
    'The acquirer declined the refund, and the payment is unchanged. declineCode has the reason. Retry with a new Idempotency-Key.',
  'void-declined':
    'The acquirer declined the void, and the payment is still authorized. declineCode has the reason. Retry with a new Idempotency-Key.',
  'insufficient-scope':
    'The key is valid, but lacks the scope of this operation, or cannot grant a scope that it lacks. Use a key with the scope that the detail names.',
  'certificate-mismatch':
    'The client certificate is missing, or belongs to another client than the key. Present the certificate to which the merchant is bound, or ask the operator to bind another one.',
  'not-found': 'The resource does not exist, or belongs to another merchant. Check the path and the id.',
  'method-not-allowed':
    'The resource exists, but does not support the method. The Allow header lists those it supports.',
  'request-timeout':
    'The request did not arrive in time. Send it again with the same Idempotency-Key, over a faster connection.',
  'invalid-state':
    'The status of the payment does not permit the operation, or another operation on it is in progress. Read the payment. If the response has Retry-After, wait and retry with the same Idempotency-Key.',
  'merchant-exists': 'Another merchant has this name. Choose another one.',
  'api-key-ended': 'A revoked or expired key cannot be rolled. Issue a new one.',
  'webhook-endpoint-limit':
    'The merchant has as many webhook endpoints as it may have. Change one of them, or delete one that is not used any more.',
  'request-in-progress':
    'The first request with this Idempotency-Key has not finished. Wait as long as Retry-After says and retry with the same key.',
  'payload-too-large': 'The body exceeds the limit that the detail names. Send less in one request.',
  'unsupported-media-type': 'The API accepts JSON only. Send the body as application/json.',
  'idempotency-key-reused':
    'The key was used before with another path or body, so this request is another intention. Use a new key.',
  'card-number-refused':
    'A field, the path or the query contains a possible card number, which the platform must never store. Send a token instead, and remove the number from references and descriptions.',
  'amount-exceeds-balance':
    'The amount exceeds what is authorized, or what is left to refund. Read the payment and send a smaller amount.',
  'headers-too-large': 'The headers exceed the limit of the server. Send fewer or shorter headers, such as cookies.',
  internal:
    'The API failed, and the error was logged. Retry with the same Idempotency-Key. If the problem persists, contact support with the correlation id.',
  overloaded:
    'The API or its database cannot answer in time. Nothing was changed. Wait as long as Retry-After says and retry with the same Idempotency-Key.',
};

/** The problems that an API Gateway or the local edge returns before the API has the request, or instead of its response. */
export const edgeProblems = {
  'rate-limited': [
    429,
    'Too many requests',
    'The rate or the quota of the API key is exhausted. Wait as long as Retry-After says.',
  ],
  'gateway-key-missing': [
    403,
    'Missing or invalid x-api-key',
    'The API Gateway knows no such key. Send the key of your usage plan as x-api-key, beside the bearer token.',
  ],
  'request-refused': [
    403,
    'Request blocked',
    'The web application firewall took the request for an attack. Contact support with the correlation id.',
  ],
  'no-answer': [
    504,
    'Gateway timeout',
    'The API did not respond in time and may have performed the request. Retry with the same Idempotency-Key.',
  ],
  'bad-gateway': [502, 'API unavailable', 'The edge cannot reach the API. Retry with the same Idempotency-Key.'],
} as const satisfies Record<string, readonly [status: number, title: string, explanation: string]>;
