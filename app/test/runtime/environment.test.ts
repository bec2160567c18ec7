import { describe, expect, test } from 'vitest';
import { EnvironmentError, readEnvironment, type ServiceEnvironment } from '../../src/environment.ts';

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

describe('what is not set', () => {
  test('has the safe default', () => {
    expect(readEnvironment(inAws)).toEqual({
      environmentName: 'pr123',
      port: 3000,
      bindAddress: '0.0.0.0',
      tls: 'self-signed',
      logLevel: 'info',
      database: {
        host: 'cluster.eu-south-2.rds.amazonaws.com',
        port: 5432,
        name: 'payments',
        user: 'payments_api',
        authentication: 'iam',
        secretArn: undefined,
        passwordFile: undefined,
        tls: 'verify-full',
        poolSize: 10,
        region: 'eu-south-2',
      },
      apiKeySecretArn: undefined,
      apiKeyFile: undefined,
      eventQueueUrl: undefined,
      sessionTtlMinutes: 30,
      cookieSecure: true,
      shutdownGraceSeconds: 25,
    });
  });

  test('an empty optional variable is one that is not set', () => {
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

test('all problems are reported at once, each with variable, value and remedy', () => {
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
    'DATABASE_AUTHENTICATION = "kerberos"; choose iam or secret or password-file',
    'ENVIRONMENT_NAME is missing; set it',
    'PORT = "80a"; use a whole number from 0 to 65535',
    'TLS = "maybe"; choose self-signed or off',
    'LOG_LEVEL = "loud"; choose trace or debug or info or warn or error or fatal or silent',
  ]);
  expect((error as EnvironmentError).message).toContain('8 problem(s)');
});

describe('each way to authenticate needs what it works with', () => {
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

describe('nothing leaves the machine in the clear', () => {
  test.each(['0.0.0.0', '::', '10.0.0.7', '127.0.0.1.example.com'])('TLS=off is refused on %s', (BIND_ADDRESS) => {
    expect(problemsOf({ TLS: 'off', BIND_ADDRESS })).toEqual([expect.stringContaining('bind to 127.0.0.1 only')]);
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('TLS=off is accepted on %s', (BIND_ADDRESS) => {
    expect(problemsOf({ TLS: 'off', BIND_ADDRESS })).toEqual([]);
  });

  test('a database elsewhere is reached over TLS only', () => {
    expect(problemsOf({ DATABASE_TLS: 'disable' })).toEqual([expect.stringContaining('connect to 127.0.0.1 only')]);
    expect(problemsOf({ DATABASE_TLS: 'disable', DATABASE_HOST: '127.0.0.1' })).toEqual([]);
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
  ['SHUTDOWN_GRACE_SECONDS', '111'],
  ['COOKIE_SECURE', 'yes'],
])('%s=%s is refused', (variable, value) => {
  expect(problemsOf({ [variable]: value })).toEqual([expect.stringContaining(`${variable} = "${value}"; `)]);
});
