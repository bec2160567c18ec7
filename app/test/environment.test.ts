import { describe, expect, test } from 'vitest';
import { formatConnectionString, parseConnectionString } from '../src/db/connection-string.ts';
import { readEnvironment, type ServiceEnvironment } from '../src/environment.ts';
import { EnvironmentError } from '../src/variable-reader.ts';

const inAws = {
  ENVIRONMENT_NAME: 'pr123',
  DATABASE_HOST: 'cluster.eu-south-2.rds.amazonaws.com',
  DATABASE_NAME: 'payments',
  DATABASE_USER: 'payments_api',
  DATABASE_AUTHENTICATION: 'iam',
  AWS_REGION: 'eu-south-2',
} as const satisfies ServiceEnvironment;

function problemsOf(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readEnvironment({ ...inAws, ...changes });
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('an unset variable', () => {
  test('has the safe default', () => {
    expect(readEnvironment(inAws)).toEqual({
      environmentName: 'pr123',
      port: 3000,
      clientCertificates: 'ignored',
      bindAddress: '0.0.0.0',
      tls: 'self-signed',
      logLevel: 'info',
      database: {
        host: 'cluster.eu-south-2.rds.amazonaws.com',
        readerHost: undefined,
        port: 5432,
        name: 'payments',
        user: 'payments_api',
        authentication: 'iam',
        secretArn: undefined,
        connectionString: undefined,
        passwordFile: undefined,
        tls: 'verify-full',
        poolSize: 10,
        region: 'eu-south-2',
      },
      apiKeySecretArn: undefined,
      connectionStringSecretArn: undefined,
      apiKeyFile: undefined,
      documents: undefined,
      eventQueueUrl: undefined,
      acquirer: { kind: 'simulator' },
      authorizationDays: 7,
      sessionTtlMinutes: 30,
      cookieSecure: true,
      sessionCookie: 'session',
      shutdownGraceSeconds: 25,
      tracing: { exporter: 'off', samplePercent: 10, port: 4318, samplingPort: undefined },
    });
  });

  test('an empty optional variable counts as unset', () => {
    const { eventQueueUrl, apiKeySecretArn, port } = readEnvironment({
      ...inAws,
      EVENT_QUEUE_URL: '',
      API_KEY_SECRET_ARN: '',
      PORT: '',
    });
    expect({ eventQueueUrl, apiKeySecretArn, port }).toEqual({
      eventQueueUrl: undefined,
      apiKeySecretArn: undefined,
      port: 3000,
    });
  });
});

test('reports all problems, each with variable, value and remedy', () => {
  const error = (() => {
    try {
      return readEnvironment({ PORT: '80a', TLS: 'maybe', DATABASE_AUTHENTICATION: 'kerberos', LOG_LEVEL: 'loud' });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(EnvironmentError);
  expect((error as EnvironmentError).problems).toEqual([
    'DATABASE_HOST is missing; set it',
    'DATABASE_NAME is missing; set it',
    'DATABASE_USER is missing; set it',
    'DATABASE_AUTHENTICATION = "kerberos"; choose iam or secret or password-file or connection-string',
    'ENVIRONMENT_NAME is missing; set it',
    'PORT = "80a"; use a whole number from 0 to 65535',
    'TLS = "maybe"; choose self-signed or off',
    'LOG_LEVEL = "loud"; choose trace or debug or info or warn or error or fatal or silent',
  ]);
  expect((error as EnvironmentError).message).toContain('8 problem(s)');
});

describe('tracing', () => {
  test('is read from its variables', () => {
    const { tracing } = readEnvironment({
      ...inAws,
      TRACING: 'otlp',
      TRACING_SAMPLE_PERCENT: '5',
      TRACING_PORT: '14318',
      TRACING_SAMPLING_PORT: '2000',
    });
    expect(tracing).toEqual({ exporter: 'otlp', samplePercent: 5, port: 14318, samplingPort: 2000 });
  });

  test.each([
    ['TRACING', 'on', 'choose off or otlp or console'],
    ['TRACING_SAMPLE_PERCENT', '0', 'use a whole number from 1 to 100'],
    ['TRACING_PORT', 'http://collector', 'use a whole number from 1 to 65535'],
    ['TRACING_SAMPLING_PORT', '70000', 'use a whole number from 1 to 65535'],
  ])('%s = %s is refused', (variable, value, remedy) => {
    expect(problemsOf({ [variable]: value })).toEqual([`${variable} = "${value}"; ${remedy}`]);
  });
});

describe('DATABASE_AUTHENTICATION', () => {
  test.each([
    ['iam', 'AWS_REGION'],
    ['secret', 'DATABASE_SECRET_ARN'],
    ['password-file', 'DATABASE_PASSWORD_FILE'],
  ])('%s needs %s', (DATABASE_AUTHENTICATION, variable) => {
    const complaint = `${variable} is missing; DATABASE_AUTHENTICATION=${DATABASE_AUTHENTICATION} needs it`;
    expect(problemsOf({ DATABASE_AUTHENTICATION, [variable]: undefined })).toEqual([complaint]);
    expect(problemsOf({ DATABASE_AUTHENTICATION, [variable]: '' })).toEqual([complaint]);
    expect(problemsOf({ DATABASE_AUTHENTICATION, [variable]: 'given' })).toEqual([]);
  });
});

describe('a connection string', () => {
  const given = {
    ENVIRONMENT_NAME: 'pr123',
    DATABASE_AUTHENTICATION: 'connection-string',
    DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:connection-AbCdEf',
  } as const satisfies ServiceEnvironment;
  const connectionString = 'postgresql://payments_api:p%40ss%2Fw@db.example:6432/payments?sslmode=verify-full';
  const read = (DATABASE_CONNECTION_STRING: string | undefined) =>
    readEnvironment({ ...given, DATABASE_CONNECTION_STRING });
  const messageOf = (text: string | undefined) => {
    try {
      return `accepted: ${read(text).database.host}`;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('provides host, port, name and login', () => {
    expect(read(connectionString).database).toMatchObject({
      host: 'db.example',
      port: 6432,
      name: 'payments',
      user: 'payments_api',
      tls: 'verify-full',
      authentication: 'connection-string',
      secretArn: given.DATABASE_SECRET_ARN,
      connectionString,
    });
  });

  test.each([undefined, ''])('is reported as missing when it is %s', (text) => {
    expect(messageOf(text)).toContain('1 problem(s):\n  - DATABASE_CONNECTION_STRING is missing; ');
  });

  test('requires DATABASE_SECRET_ARN', () => {
    const { DATABASE_SECRET_ARN: _secret, ...rest } = given;
    expect(() => readEnvironment({ ...rest, DATABASE_CONNECTION_STRING: connectionString })).toThrow(
      '1 problem(s):\n  - DATABASE_SECRET_ARN is missing; DATABASE_AUTHENTICATION=connection-string needs it',
    );
  });

  test.each([
    ['no URL', 'hunter2', 'is malformed'],
    ['a URL with another scheme', 'mysql://a:hunter2@db.example/payments?sslmode=verify-full', 'is malformed'],
    ['an invalid port', 'postgresql://a:hunter2@db.example:x/payments?sslmode=verify-full', 'is malformed'],
    ['no login', 'postgresql://:hunter2@db.example/payments?sslmode=verify-full', 'has no user'],
    ['no password', 'postgresql://hunter2@db.example/payments?sslmode=verify-full', 'has no password'],
    ['no host', 'postgresql:///hunter2?sslmode=verify-full', 'has no host'],
    ['no database', 'postgresql://a:hunter2@db.example?sslmode=verify-full', 'has no name'],
    [
      'an invalid percent-encoding',
      'postgresql://a:hunter2%zz@db.example/payments?sslmode=verify-full',
      'has an invalid percent-encoding',
    ],
    ['no TLS', 'postgresql://a:hunter2@db.example/payments', 'has no sslmode=verify-full'],
    ['any certificate', 'postgresql://a:hunter2@db.example/payments?sslmode=require', 'has no sslmode=verify-full'],
    [
      'no TLS to a remote host',
      'postgresql://a:hunter2@db.example/payments?sslmode=disable',
      'connect to 127.0.0.1 only',
    ],
    [
      'a host parameter',
      'postgresql://a:hunter2@127.0.0.1/payments?sslmode=disable&host=db.example',
      'has parameters other than sslmode',
    ],
  ])('with %s is rejected without quoting it', (_what, text, complaint) => {
    const message = messageOf(text);
    expect(message).toMatch(/ 1 problem\(s\):\n {2}- DATABASE_CONNECTION_STRING (is|has) .*$/);
    expect(message).toContain(complaint);
    expect(message).not.toContain('hunter2');
  });

  test('may disable TLS on loopback', () => {
    expect(read('postgresql://a:b@127.0.0.1/payments?sslmode=disable').database).toMatchObject({
      host: '127.0.0.1',
      port: 5432,
      tls: 'disable',
    });
  });

  test.each([
    ['a login', { host: 'db.example', port: 5432, name: 'payments', user: 'payments_api', password: 'plain' }],
    [
      'characters that are reserved in URLs',
      { host: 'db.example', port: 1, name: 'a/b?c', user: 'a:b', password: '@:/?#%&=+ é' },
    ],
    ['an IPv6 address', { host: '::1', port: 5432, name: 'payments', user: 'a', password: 'b' }],
  ])('with %s is parsed into what was formatted', (_what, target) => {
    const whole = { ...target, tls: 'verify-full' } as const;
    expect(parseConnectionString(formatConnectionString(whole))).toEqual(whole);
  });
});

test('a missing variable and a plain-text secret do not compile', () => {
  const { DATABASE_USER: _user, ...rest } = inAws;
  const secret = { ...inAws, DATABASE_AUTHENTICATION: 'secret' } as const;
  const byString = { ENVIRONMENT_NAME: 'pr123', DATABASE_AUTHENTICATION: 'connection-string' } as const;
  const complete = { ...byString, DATABASE_SECRET_ARN: 'arn' } as const satisfies ServiceEnvironment;
  const environments: ServiceEnvironment[] = [
    inAws,
    complete,
    // @ts-expect-error DATABASE_USER is missing
    rest,
    // @ts-expect-error DATABASE_SECRET_ARN is missing
    secret,
    // @ts-expect-error DATABASE_SECRET_ARN is missing
    byString,
    // @ts-expect-error the connection string is a secret
    { ...complete, DATABASE_CONNECTION_STRING: 'postgresql://' },
  ];
  expect(environments).toHaveLength(6);
});

describe('plain text stays on the machine', () => {
  test.each(['0.0.0.0', '::', '10.0.0.7', '127.0.0.1.example.com'])('TLS=off is refused on %s', (BIND_ADDRESS) => {
    expect(problemsOf({ TLS: 'off', BIND_ADDRESS })).toEqual([expect.stringContaining('bind to 127.0.0.1 only')]);
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('TLS=off is accepted on %s', (BIND_ADDRESS) => {
    expect(problemsOf({ TLS: 'off', BIND_ADDRESS })).toEqual([]);
  });

  test('requires TLS for a remote database', () => {
    expect(problemsOf({ DATABASE_TLS: 'disable' })).toEqual([expect.stringContaining('connect to 127.0.0.1 only')]);
    expect(problemsOf({ DATABASE_TLS: 'disable', DATABASE_HOST: '127.0.0.1' })).toEqual([]);
  });
});

describe('the acquirer', () => {
  test.each(['https://bank.example/v2', 'http://127.0.0.1:4000', 'http://localhost:4000'])(
    'accepts the URL %s',
    (url) => {
      expect(readEnvironment({ ...inAws, ACQUIRER_URL: url }).acquirer).toEqual({ kind: 'http', url });
    },
  );

  test.each([
    'http://bank.example',
    'https://me:hunter2@bank.example',
    'ftp://bank.example',
    'bank.example',
    'hunter2',
  ])('rejects the URL %s without quoting it', (url) => {
    const problems = problemsOf({ ACQUIRER_URL: url });
    expect(problems).toEqual([expect.stringMatching(/^ACQUIRER_URL is invalid; use an https:/)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test.each([
    [{ STRIPE_KEY_SECRET_ARN: 'arn:stripe' }, { kind: 'stripe', keySecretArn: 'arn:stripe' }],
    [{ STRIPE_KEY_FILE: '/keys/stripe' }, { kind: 'stripe', keyFile: '/keys/stripe' }],
  ])('is Stripe with %j', (variables, acquirer) => {
    expect(readEnvironment({ ...inAws, ...variables }).acquirer).toEqual(acquirer);
  });

  test('SIMULATOR_ORIGIN is where the pages of the simulator are', () => {
    const origin = 'http://localhost:8080';
    expect(readEnvironment({ ...inAws, SIMULATOR_ORIGIN: origin }).acquirer).toEqual({ kind: 'simulator', origin });
  });

  test('is one', () => {
    const problems = problemsOf({ ACQUIRER_URL: 'https://bank.example', STRIPE_KEY_SECRET_ARN: 'arn:stripe' });
    expect(problems).toEqual(['ACQUIRER_URL and STRIPE_KEY_SECRET_ARN name different acquirers; keep one of them']);
  });
});

describe('webhooks', () => {
  const arn = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:webhook-key-AbCdEf';

  test('have a key in a secret and refuse address ranges', () => {
    const variables = { WEBHOOK_KEY_SECRET_ARN: arn, REFUSED_WEBHOOK_RANGES: '10.0.0.0/16,fd00:ec2::/32' };
    expect(readEnvironment({ ...inAws, ...variables }).webhooks).toEqual({
      key: { kind: 'secret', arn },
      policy: { loopback: false, refusedRanges: ['10.0.0.0/16', 'fd00:ec2::/32'] },
    });
  });

  test('have a key in a file and may go to loopback', () => {
    const variables = { WEBHOOK_KEY_FILE: '/keys/webhook', LOOPBACK_WEBHOOKS: 'true' };
    expect(readEnvironment({ ...inAws, ...variables }).webhooks).toEqual({
      key: { kind: 'file', path: '/keys/webhook' },
      policy: { loopback: true, refusedRanges: [] },
    });
  });

  test.each([{}, { WEBHOOK_KEY_SECRET_ARN: '', WEBHOOK_KEY_FILE: '' }, { REFUSED_WEBHOOK_RANGES: '10.0.0.0/16' }])(
    'are off with %j',
    (variables) => {
      expect(readEnvironment({ ...inAws, ...variables }).webhooks).toBeUndefined();
    },
  );

  test.each<[Record<string, string>, string]>([
    [
      { WEBHOOK_KEY_SECRET_ARN: arn, WEBHOOK_KEY_FILE: '/keys/webhook' },
      `WEBHOOK_KEY_SECRET_ARN = "${arn}" and WEBHOOK_KEY_FILE = "/keys/webhook"; leave one of them out`,
    ],
    [
      { WEBHOOK_KEY_SECRET_ARN: arn, LOOPBACK_WEBHOOKS: 'true' },
      'LOOPBACK_WEBHOOKS = "true" beside WEBHOOK_KEY_SECRET_ARN; leave it out: it opens the way to the task itself and is for local mode',
    ],
    [{ LOOPBACK_WEBHOOKS: 'yes' }, 'LOOPBACK_WEBHOOKS = "yes"; choose true or false'],
    ...['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'internal', ' 10.0.0.0/16'].map(
      (range): [Record<string, string>, string] => [
        { REFUSED_WEBHOOK_RANGES: `10.1.0.0/16,${range}` },
        `REFUSED_WEBHOOK_RANGES contains "${range}"; use CIDR blocks, such as 10.0.0.0/16`,
      ],
    ),
  ])('reports %j', (variables, problem) => {
    expect(problemsOf(variables)).toEqual([problem]);
  });
});

test.each([
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '3e3'],
  ['DATABASE_PORT', '0'],
  ['DATABASE_POOL_SIZE', '0'],
  ['DATABASE_POOL_SIZE', '2.5'],
  ['SESSION_TTL_MINUTES', '1441'],
  ['SIMULATOR_ORIGIN', 'https://pay.example.com/path'],
  ['AUTHORIZATION_DAYS', '0'],
  ['AUTHORIZATION_DAYS', '31'],
  ['SHUTDOWN_GRACE_SECONDS', '111'],
  ['COOKIE_SECURE', 'yes'],
  ['SESSION_COOKIE', 'a b'],
  ['SESSION_COOKIE', 'a=b;'],
])('%s=%s is refused', (variable, value) => {
  expect(problemsOf({ [variable]: value })).toEqual([expect.stringContaining(`${variable} = "${value}"; `)]);
});

describe('documents', () => {
  const bucket = { DOCUMENT_BUCKET: 'documents-bucket-pr123', DOCUMENT_RETENTION_DAYS: '2557' };
  const directory = { DOCUMENT_DIRECTORY: '/tmp/documents', DOCUMENT_ADDRESS: 'http://127.0.0.1:9000' };

  test('are stored in a bucket, or in a directory with a loopback address', () => {
    expect(readEnvironment({ ...inAws, ...bucket }).documents).toEqual({
      storage: { kind: 'bucket', bucket: 'documents-bucket-pr123' },
      retentionDays: 2557,
    });
    expect(readEnvironment({ ...inAws, ...directory, DOCUMENT_RETENTION_DAYS: '30' }).documents).toEqual({
      storage: { kind: 'directory', directory: '/tmp/documents', address: 'http://127.0.0.1:9000' },
      retentionDays: 30,
    });
  });

  test.each([
    ['both places', { ...bucket, ...directory }, 'leave one of them out'],
    ['a bucket without days', { DOCUMENT_BUCKET: 'x' }, 'DOCUMENT_RETENTION_DAYS = ""'],
    [
      'a directory without an address',
      { ...bucket, DOCUMENT_ADDRESS: directory.DOCUMENT_ADDRESS },
      'DOCUMENT_DIRECTORY is missing',
    ],
    [
      'an address that is not loopback',
      { ...directory, DOCUMENT_ADDRESS: 'http://10.0.0.1', DOCUMENT_RETENTION_DAYS: '1' },
      'use an address of this machine',
    ],
  ])('rejects %s', (_what, variables, problem) => {
    expect(problemsOf(variables)).toEqual([expect.stringContaining(problem)]);
  });
});
