import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPlatform } from '../../lib/platform';
import { overrides } from '../support/profile-overrides';
import { profileContexts } from '../support/profile-contexts';
import { testApp, testSettings } from '../support/test-app';
import { siteDirectory } from '../support/test-platform';

/** The `config.json` of the console, as it is uploaded. */
function configurationOf(changes: object): unknown {
  const app = testApp();
  createPlatform(app, testSettings({ ...profileContexts['storefront'], ...overrides(changes) }), { siteDirectory });
  const { directory } = app.synth();
  const files = readdirSync(directory)
    .map((entry) => join(directory, entry, 'config.json'))
    .filter((file) => existsSync(file));
  expect(files).toHaveLength(1);
  return JSON.parse(readFileSync(files[0] ?? '', 'utf8'));
}

const configuration = { apiBaseUrl: '/api/v1', environmentName: 'test1', demoTokens: true, documents: false };

test.each([
  [{}, configuration],
  [{ signIn: { kind: 'cognito' } }, { ...configuration, personSignIn: true }],
])('with %j the console has the configuration %j', (changes, expected) => {
  expect(configurationOf(changes)).toEqual(expected);
});
