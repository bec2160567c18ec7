import fc from 'fast-check';

/** What breaks careless readers, as JSON texts, since some of it is no value of JavaScript. */
const hostileJson: readonly string[] = [
  ...['null', 'true', '[]', '{}', '""', '" "', '0', '-0', '-1', '1.5', '1e2', '1e-400', '1e400', '-1e400', '"NaN"'],
  ...[
    '9007199254740993',
    '999999999999999999999999999999',
    '2147483648',
    '9223372036854775808',
    '"1000"',
    '"Infinity"',
  ],
  ...[
    String.raw`"\ud800"`,
    String.raw`"\udc00\ud800"`,
    String.raw`"\u0000"`,
    String.raw`"a\u0000b"`,
    String.raw`"\u001b[2J"`,
  ],
  ...[
    String.raw`"\r\nSet-Cookie: a=b"`,
    String.raw`"\u202e\u2028"`,
    '"\uFEFF"',
    '"e\u0301\u0301\u0301"',
    '"👩‍👩‍👧‍👦"',
    '"ſ"',
  ],
  ...[`"'; DROP TABLE payments.payments; --"`, `"1' OR '1'='1"`, '"<script>alert(1)</script>"', '"${7*7}{{7*7}}%s%n"'],
  ...['"../../etc/passwd"', '"__proto__"', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"a":1}}}'],
  ...[
    '{"toString":1,"valueOf":null}',
    `${'['.repeat(2000)}${']'.repeat(2000)}`,
    `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
  ],
  ...[`"${'x'.repeat(64 * 1024)}"`, `"${'x'.repeat(60_000)}"`, `[${'1,'.repeat(20_000)}1]`, `"${'😀'.repeat(300)}"`],
];

/** Names that mean something to JavaScript, or nothing to the API. */
export const hostileNames: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'AMOUNTMINOR', 'amountMinor '],
  ...['\u0000', '\ud800', "a' OR 1=1", 'x'.repeat(1000)],
];

/** Parts of an address, as they are sent. */
export const hostileAddressParts: readonly string[] = [
  ...['', '.', '..', '%2e%2e', '%2f', '%00', '%', '%zz', '%ff%fe', '%ed%a0%80', '%0d%0aSet-Cookie:%20a=b', '__proto__'],
  ...['constructor', '1%27%20OR%20%271%27=%271', '%3Cscript%3E', '-0', '1e400', 'NaN', '0', '101', '0000-00-00'],
  ...[
    '2026-02-30',
    '9999-12-31T23:59:60Z',
    '2026-01-01T00:00:00+15:00',
    '%F0%9F%98%80',
    'a'.repeat(99),
    'a'.repeat(5000),
  ],
];

/** Values of headers; Node.js itself refuses others before the API sees them. */
export const hostileHeaders: Readonly<Record<string, readonly string[]>> = {
  'idempotency-key': [
    '',
    ' ',
    'a',
    'x'.repeat(255),
    'x'.repeat(256),
    'x'.repeat(10_000),
    'a b',
    '\u0000',
    'é',
    '4111111111111111',
    '__proto__',
  ],
  'content-type': [
    ...['', 'json', 'text/plain', 'application/json; charset=utf-16', 'application/json; charset=utf-8; charset=x'],
    ...[
      'application/json;',
      'APPLICATION/JSON',
      'application/jsonp',
      'application/problem+json',
      'multipart/form-data',
      ';',
      '__proto__',
    ],
  ],
  accept: ['', '*/*', 'text/html', 'application/xml;q=1', 'x'.repeat(5000), 'q=;;,,'],
  'content-encoding': ['gzip', 'br', 'identity', 'x'.repeat(1000)],
  'x-correlation-id': [
    '',
    'short',
    'two\r\nSet-Cookie: a=b',
    'line-feed\n',
    'x'.repeat(10_240),
    'é'.repeat(9),
    '4111111111111111',
  ],
  authorization: [
    ...[
      '',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'Bearer a b',
      `Bearer ${'x'.repeat(10_000)}`,
      'Bearer \u0000',
      "Bearer ' OR 1=1",
    ],
    ...['bearer pk_unknown', 'Bearer __proto__', 'Digest x="y"'],
  ],
  cookie: [
    'session=',
    'session=x; session=y',
    `session=${'x'.repeat(5000)}`,
    'session=%zz',
    '__proto__=1',
    '=;=',
    'session="\u0000"',
  ],
};

/** What is done to the bytes of a body after it was written. */
export const bodyChanges = {
  none: (body: string) => body,
  'breaks off': (body: string) => body.slice(0, -1),
  'with a byte order mark': (body: string) => `\uFEFF${body}`,
  'as UTF-16': (body: string) => Buffer.from(body, 'utf16le'),
  'not UTF-8': (body: string) => Buffer.concat([Buffer.from(body), Buffer.from([0xff, 0xfe, 0xc0])]),
  'with more behind it': (body: string) => `${body}{}`,
  empty: () => '',
  'no JSON': () => "{'amountMinor': NaN}",
} as const satisfies Record<string, (body: string) => string | Buffer>;

/** Any of these, or any JSON at all. */
export const anyJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileJson) },
  { weight: 1, arbitrary: fc.json({ stringUnit: 'binary' }) },
);
