import { ownDomain } from '../support/compute-tier';
import { overrides } from '../support/profile-overrides';
import { profileContexts } from '../support/profile-contexts';
import { testSettings } from '../support/test-app';

const cognito = { kind: 'cognito' };
const provider = { kind: 'provider', issuer: 'https://login.example.com', clientId: 'console' };

const settings = (signIn: object, context: Readonly<Record<string, string>> = {}) =>
  testSettings({ ...context, ...overrides({ signIn }) });

test.each([cognito, provider])('%j works with a console that has a domain', (signIn) => {
  expect(settings(signIn, ownDomain).profile.signIn).toMatchObject(signIn);
  expect(settings(signIn, profileContexts['storefront']).profile.signIn).toMatchObject(signIn);
});

test.each(['metered', 'partner', 'compact'])('%s refuses it, because it has no console', (profile) => {
  expect(() => settings(cognito, profileContexts[profile])).toThrow(
    /signIn is .*cognito.*Persons sign in to the console, and the profile has no site\. Remove signIn/s,
  );
});

test('refuses a console without a domain', () => {
  expect(() => settings(provider)).toThrow(/domainName is missing\. With signIn, .* Pass -c domainName=NAME/);
});

test.each(['aws1', 'my-amazon', 'cognito'])('refuses the suffix %s, which Cognito refuses in an address', (suffix) => {
  const context = { ...ownDomain, environmentSuffix: suffix };
  expect(() => settings(cognito, context)).toThrow(
    new RegExp(`environmentSuffix is "${suffix}"\\. The suffix is part of .* Use another suffix`),
  );
  expect(settings(provider, context).environmentSuffix).toBe(suffix);
});

test.each([
  ['issuer', 'http://login.example.com', 'Use an https:// URL'],
  ['issuer', 'https://me:password@login.example.com', 'Use an https:// URL'],
  ['clientId', '', 'Use 1 to 256 printable ASCII characters'],
  ['roleClaim', 'my role', 'Use the name of a claim'],
  ['signOutParameter', 'returnTo', 'post_logout_redirect_uri'],
])('refuses %s %j', (field, value, remedy) => {
  const quoted = remedy.replaceAll(/[/.]/g, String.raw`\$&`);
  expect(() => settings({ ...provider, [field]: value }, ownDomain)).toThrow(
    new RegExp(`signIn\\.${field} is .*${quoted}`, 's'),
  );
});
