import fc from 'fast-check';
import { parseAccessLogLine } from '../../../lib/compute/access-log-forwarding/access-log-line';
import { accessLogLine } from '../../support/access-log-file';

/** The parsed event of a line with these fields. */
function eventOf(fields: Parameters<typeof accessLogLine>[0] = {}): Record<string, unknown> {
  const parsed = parseAccessLogLine(accessLogLine(fields));
  if (!('event' in parsed)) throw new Error(parsed.problem);
  return JSON.parse(parsed.event.message) as Record<string, unknown>;
}

function problemOf(line: string): string {
  const parsed = parseAccessLogLine(line);
  if ('event' in parsed) throw new Error(`It was read: ${parsed.event.message}`);
  return parsed.problem;
}

const get = (target: string) => ({ request: `GET https://pay.example.com:443${target} HTTP/1.1` });
const redacted = '[REDACTED]';

test('parses a line into an event with the request time and named fields', () => {
  const parsed = parseAccessLogLine(accessLogLine());
  expect('event' in parsed && parsed.event.timestamp).toBe(Date.UTC(2026, 10, 21, 8, 0, 0, 186));
  expect(eventOf()).toEqual({
    type: 'https',
    time: '2026-11-21T08:00:00.186641Z',
    elb: 'app/load-balancer-test1/50dc6c495c0c9188',
    client_ip: '192.0.2.10',
    client_port: 2817,
    target_ip: '10.0.0.1',
    target_port: 3000,
    request_processing_time: 0.086,
    target_processing_time: 0.048,
    response_processing_time: 0.037,
    elb_status_code: 200,
    target_status_code: 201,
    received_bytes: 34,
    sent_bytes: 366,
    request_verb: 'GET',
    request_url: 'https://pay.example.com:443/api/v1/payments',
    request_protocol: 'HTTP/1.1',
    user_agent: 'curl/8.4.0',
    ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
    ssl_protocol: 'TLSv1.2',
    target_group_arn: 'arn:aws:elasticloadbalancing:eu-south-2:111122223333:targetgroup/blue/73e2d6bc24d8a067',
    trace_id: 'Root=1-58337281-1d84f3d73c47ec4e58577259',
    domain_name: 'pay.example.com',
    chosen_cert_arn: 'arn:aws:acm:eu-south-2:111122223333:certificate/12345678-1234-1234-1234-123456789012',
    matched_rule_priority: 1,
    request_creation_time: '2026-11-21T07:59:59.364000Z',
    actions_executed: 'forward',
    target_port_list: '10.0.0.1:3000',
    target_status_code_list: '201',
    conn_trace_id: 'TID_1234abcd5678ef90',
  });
});

describe('addresses', () => {
  test.each([
    ['2001:db8::5:52000', '2001:db8::5', 52000],
    ['[2001:db8::5]:52000', '2001:db8::5', 52000],
    ['[::ffff:192.0.2.1]:1', '::ffff:192.0.2.1', 1],
    ['192.0.2.1:65535', '192.0.2.1', 65535],
  ])('%s', (client, ip, port) => {
    expect(eventOf({ client })).toMatchObject({ client_ip: ip, client_port: port });
  });
});

test('omits fields without a value, including times and parts of a request that is not HTTP', () => {
  const event = eventOf({
    target: '-',
    request_processing_time: '-1',
    target_processing_time: '-1',
    response_processing_time: '-1',
    target_status_code: '-',
    request: '- http://pay.example.com:80- -',
    user_agent: '-',
    ssl_cipher: '-',
  });
  expect(event['request_url']).toBe('http://pay.example.com:80-');
  const absent =
    'target_ip target_port request_processing_time target_processing_time response_processing_time target_status_code request_verb request_protocol user_agent ssl_cipher';
  for (const name of absent.split(' ')) expect(event).not.toHaveProperty(name);
});

test.each([
  ['quotes and backslashes', String.raw`Mozilla \"5.0\" C:\\dir\\`, String.raw`Mozilla "5.0" C:\dir` + '\\'],
  ['bytes that are no text', String.raw`a\x22b\x0ac`, String.raw`a\x22b\x0ac`],
  ['spaces, brackets and what looks like other fields', 'a - (b; c) 200 200', 'a - (b; c) 200 200'],
])('reads a user agent with %s completely', (_what, written, read) => {
  expect(eventOf({ user_agent: written })).toMatchObject({ user_agent: read, ssl_protocol: 'TLSv1.2' });
});

test('reads known fields at the end, ignores unknown ones and does not require them', () => {
  const later = `${accessLogLine()} "m.example.com" "/api?key=secret" "TransformSuccess" "never heard of"`;
  const parsed = parseAccessLogLine(later);
  const { message } = 'event' in parsed ? parsed.event : { message: '{}' };
  expect(JSON.parse(message)).toMatchObject({ transformed_host: 'm.example.com', transformed_uri: '/api' });
  expect(message).not.toMatch(/secret|never heard of/);
  const earlier = accessLogLine().replace(/ \S+$/, '');
  expect(parseAccessLogLine(earlier)).toHaveProperty('event');
});

test.each([
  ['nothing', '', 'the line has 0 fields, fewer than 29'],
  ['half a line', accessLogLine().slice(0, 200), 'field 14 is empty or has no closing quote'],
  ['an early end', accessLogLine().split(' ').slice(0, 12).join(' '), 'the line has 12 fields, fewer than 29'],
  ['two spaces', accessLogLine().replace(' app/', '  app/'), 'field 3 is empty or has no closing quote'],
  ['no time', accessLogLine({ time: '-' }), 'time is missing'],
  ['a time that is none', accessLogLine({ time: '2026-13-21T08:00:00Z' }), 'time is not an ISO 8601 time'],
  ['a status that is none', accessLogLine({ elb_status_code: 'secret' }), 'elb_status_code is not a number'],
  ['an address without a port', accessLogLine({ client: '192.0.2.1' }), 'client is not an address with a port'],
  ['a request of one word', accessLogLine({ request: 'secret' }), 'request is not a method, URL and version'],
  ['a giant', accessLogLine({ user_agent: 'a b '.repeat(70_000) }), 'the line is longer than CloudWatch Logs accepts'],
])('rejects %s without quoting it', (_what, line, problem) => {
  expect(problemOf(line)).toBe(problem);
});

describe('redaction', () => {
  const id = '0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

  test('keeps the names of a query string without values', () => {
    expect(eventOf(get('/api/v1/payments?status=captured&cursor=secret&filter[a]=b#secret'))).toMatchObject({
      request_url: 'https://pay.example.com:443/api/v1/payments',
      request_query_parameters: ['status', 'cursor', 'filter[a]'],
    });
  });

  test.each(['sk_live_secret', '=secret', '4111111111111111=1', 'aaaaaaaaaa1111111111=x', '%73ecret=1'])(
    'replaces the parameter name %s',
    (parameter) => {
      expect(eventOf(get(`/a?${parameter}`))).toMatchObject({ request_query_parameters: [redacted] });
    },
  );

  test.each([
    '4111111111111111',
    '4111-1111-1111-1111',
    '4111%201111%201111%201111',
    '%34%31%31%31111111111111',
    '%2534111111111111111',
    'card4222222222222',
    'eyJhbGciOiJIUzI1NiJ9.e30.abc',
    'pk_0123456789abcdef0123456789',
    'sk_0123456789ABCDEFGHIJKLMNOPQRST4PMbyp',
    'jsessionid=short',
    'a;v=1',
    '%3Ftoken%3Dshort',
    '%zz',
    '%E0%A4%A',
  ])('replaces only the segment %s of a path', (part) => {
    expect(eventOf(get(`/api/${part}/refunds`))['request_url']).toBe(
      `https://pay.example.com:443/api/${redacted}/refunds`,
    );
  });

  test('replaces a card number that spans several segments', () => {
    expect(eventOf(get('/cards/4111/1111/1111/1111/x'))['request_url']).toBe(
      `https://pay.example.com:443/cards/${redacted}/x`,
    );
  });

  test('replaces a card number in a path in any notation', () => {
    const digit = fc.nat(9).map(String);
    const written = fc.tuple(digit, fc.constantFrom('', '', '', '-', ' ', '.', '/', '+', '%20', '%2D', '\u2011'));
    fc.assert(
      fc.property(fc.array(written, { minLength: 13, maxLength: 19 }), (card) => {
        const event = eventOf(get(`/v1/x${card.flat().join('')}y/refunds?card=${card.flat().join('')}`));
        expect(event['request_query_parameters']).toEqual(['card']);
        expect(String(event['request_url']).slice('https://pay.example.com:443/v1/'.length)).not.toMatch(/\d/);
      }),
    );
  });

  test('treats a target that is not a URL as a path', () => {
    expect(eventOf({ request: 'GET pk_0123456789abcdef0123 HTTP/1.1' })).toMatchObject({ request_url: redacted });
  });

  test.each(['request', 'user_agent'])('keeps a UUID of digits in %s', (field) => {
    const digits = '12345678-1234-4123-8123-123456789012';
    expect(JSON.stringify(eventOf({ [field]: `GET https://a:443/${digits}/refunds HTTP/1.1` }))).toContain(
      `/${digits}/refunds`,
    );
  });

  test.each([`/api/v1/payments/${id}/capture`, '/health', '/', '/api/v1/openapi.json', '/caf%C3%A9'])(
    'keeps the path %s',
    (path) => {
      expect(eventOf(get(path))['request_url']).toBe(`https://pay.example.com:443${path}`);
    },
  );

  test('removes the user from a URL and a card number from a host', () => {
    expect(eventOf({ request: 'GET http://user:secret@4111111111111111.example.com:80/ HTTP/1.1' })).toMatchObject({
      request_url: `http://${redacted}.example.com:80/`,
    });
    expect(eventOf({ domain_name: '4111111111111111.example.com' })).toMatchObject({
      domain_name: `${redacted}.example.com`,
    });
  });

  test.each(['user_agent', 'trace_id'])('replaces card numbers and keys in the field %s', (field) => {
    const event = eventOf({ [field]: 'a 4111 1111 1111 1111 b pk_0123456789abcdef0123 c' });
    expect(event[field]).toBe(`a ${redacted} b ${redacted} c`);
  });

  test('removes the query string of a redirect', () => {
    expect(eventOf({ redirect_url: 'https://pay.example.com:443/a?key=secret' })).toMatchObject({
      redirect_url: 'https://pay.example.com:443/a',
    });
  });

  test('keeps the user agent of a browser', () => {
    const user_agent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
    expect(eventOf({ user_agent })).toMatchObject({ user_agent });
  });
});
