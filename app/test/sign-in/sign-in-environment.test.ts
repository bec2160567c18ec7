import { expect, test } from 'vitest';
import { readSignInEnvironment, signInDefaults } from '../../src/sign-in/sign-in-environment.ts';
import { EnvironmentError, VariableReader } from '../../src/variable-reader.ts';

const complete = {
  OIDC_ISSUER: 'https://login.example.com/tenant',
  OIDC_CLIENT_ID: 'console',
  OIDC_CLIENT_SECRET_ARN: 'arn:aws:secretsmanager:eu-south-2:111111111111:secret:console',
  OIDC_REDIRECT_BASE: 'https://pay.example.com',
};
type Variables = Partial<Record<keyof typeof signInDefaults, string>>;

function read(variables: Variables) {
  const reader = new VariableReader(variables, signInDefaults);
  const environment = readSignInEnvironment(reader);
  reader.throwIfInvalid();
  return environment;
}

function problemsOf(variables: Variables): readonly string[] {
  try {
    read(variables);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

test('without an issuer, persons cannot sign in', () => {
  expect(read({})).toBeUndefined();
});

test('has the timeouts of PCI DSS and plain names of claims by default', () => {
  expect(read(complete)).toEqual({
    issuer: 'https://login.example.com/tenant',
    clientId: 'console',
    clientSecret: { kind: 'secret', arn: complete.OIDC_CLIENT_SECRET_ARN },
    redirectBase: 'https://pay.example.com',
    claims: { role: 'role', merchant: 'merchant_id' },
    signOutParameter: 'post_logout_redirect_uri',
    idleMinutes: 15,
    maxMinutes: 480,
  });
});

test('on a laptop, the provider has no TLS and the secret is a file', () => {
  const { OIDC_CLIENT_SECRET_ARN: _arn, ...others } = complete;
  const local = { OIDC_ISSUER: 'http://127.0.0.1:9000', OIDC_REDIRECT_BASE: 'http://localhost:8080' };
  expect(read({ ...others, ...local, OIDC_CLIENT_SECRET_FILE: '/tmp/secret' })).toMatchObject({
    issuer: 'http://127.0.0.1:9000',
    clientSecret: { kind: 'file', path: '/tmp/secret' },
  });
});

const unsafe = 'use an https:// URL without credentials, query and fragment, or http:// on this machine';

test.each<[Variables, string]>([
  [{ OIDC_ISSUER: 'http://login.example.com' }, `OIDC_ISSUER = "http://login.example.com"; ${unsafe}`],
  [{ OIDC_ISSUER: 'login' }, `OIDC_ISSUER = "login"; ${unsafe}`],
  [{ OIDC_ISSUER: 'https://login.example.com/?a=b' }, `OIDC_ISSUER = "https://login.example.com/?a=b"; ${unsafe}`],
  [{ OIDC_ISSUER: 'https://me:password@login.example.com' }, `OIDC_ISSUER contains credentials; ${unsafe}`],
  [{ OIDC_REDIRECT_BASE: 'http://pay.example.com' }, `OIDC_REDIRECT_BASE = "http://pay.example.com"; ${unsafe}`],
  [
    { OIDC_REDIRECT_BASE: 'https://pay.example.com/' },
    'OIDC_REDIRECT_BASE = "https://pay.example.com/"; use an origin without a path, such as https://pay.example.com',
  ],
  [{ OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID is missing; OIDC_ISSUER needs it'],
  [{ OIDC_REDIRECT_BASE: '' }, 'OIDC_REDIRECT_BASE is missing; OIDC_ISSUER needs it'],
  [
    { OIDC_CLIENT_SECRET_ARN: '' },
    'OIDC_CLIENT_SECRET_ARN and OIDC_CLIENT_SECRET_FILE: 0 are set; OIDC_ISSUER needs exactly one of them',
  ],
  [
    { OIDC_CLIENT_SECRET_FILE: '/tmp/secret' },
    'OIDC_CLIENT_SECRET_ARN and OIDC_CLIENT_SECRET_FILE: 2 are set; OIDC_ISSUER needs exactly one of them',
  ],
  [
    { OIDC_SIGN_OUT_PARAMETER: 'returnTo' },
    'OIDC_SIGN_OUT_PARAMETER = "returnTo"; choose post_logout_redirect_uri or logout_uri',
  ],
  [{ OIDC_IDLE_MINUTES: '120' }, 'OIDC_IDLE_MINUTES = "120"; use a whole number from 5 to 60'],
  [{ OIDC_MAX_MINUTES: '0' }, 'OIDC_MAX_MINUTES = "0"; use a whole number from 5 to 1440'],
])('%j is refused', (changes, problem) => {
  expect(problemsOf({ ...complete, ...changes })).toEqual([problem]);
});

test('other variables without the issuer are refused', () => {
  expect(problemsOf({ ...complete, OIDC_ISSUER: '' })).toEqual([
    'OIDC_CLIENT_ID is set without OIDC_ISSUER; set both or neither',
    'OIDC_REDIRECT_BASE is set without OIDC_ISSUER; set both or neither',
    'OIDC_CLIENT_SECRET_ARN is set without OIDC_ISSUER; set both or neither',
  ]);
});
