import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api } from '../testing/fake-api.ts';
import { loadRuntimeConfig } from './runtime-config.ts';

const served = (answer: () => Response) => {
  api.use(http.get('/config.json', answer));
};

test('reads the published configuration', async () => {
  const config = { apiBaseUrl: '/api/v1', environmentName: 'pr123', demoTokens: false, documents: true };
  served(() => HttpResponse.json(config));
  await expect(loadRuntimeConfig()).resolves.toEqual(config);
});

test.each([
  ['a field of another type', () => HttpResponse.json({ apiBaseUrl: 1 }), /apiBaseUrl must be a string/],
  [
    'a missing field',
    () => HttpResponse.json({ apiBaseUrl: '/api/v1', environmentName: 'a' }),
    /demoTokens must be a boolean/,
  ],
  [
    'a field that is not a boolean',
    () => HttpResponse.json({ apiBaseUrl: '/api/v1', environmentName: 'a', demoTokens: true, documents: 'yes' }),
    /documents must be a boolean/,
  ],
  [
    'an optional field that is not a boolean',
    () =>
      HttpResponse.json({
        apiBaseUrl: '/api/v1',
        environmentName: 'a',
        demoTokens: true,
        documents: true,
        personSignIn: 'no',
      }),
    /personSignIn must be a boolean/,
  ],
  ['a page instead', () => HttpResponse.html('<p>'), /not a JSON object/],
  ['nothing', () => new HttpResponse(null, { status: 404 }), /returned status 404. Publish it/],
])('%s is rejected with the reason', async (_what, answer, message) => {
  served(answer);
  await expect(loadRuntimeConfig()).rejects.toThrow(message);
});
