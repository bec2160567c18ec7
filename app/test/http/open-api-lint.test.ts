import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenApi, operationsOf, readOpenApi, webhooksOf } from '../support/open-api.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let openApi: OpenApi;
beforeAll(async () => {
  platform = await startPlatform();
  openApi = await readOpenApi(platform.app);
});
afterAll(() => platform.close());

/** Every recommended rule as an error, and those that make a reference readable. */
const rules = {
  extends: ['recommended-strict'],
  rules: {
    // Whoever deploys the platform decides about the licence of its API.
    'info-license': 'off',
    'no-invalid-media-type-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'no-unused-components': 'error',
    'operation-operationId-unique': 'error',
    'operation-operationId-url-safe': 'error',
    'operation-singular-tag': 'error',
    'operation-tag-defined': 'error',
    'parameter-description': 'error',
    'tag-description': 'error',
  },
} satisfies Parameters<typeof createConfig>[0];

async function faultsOf(document: object): Promise<string[]> {
  const config = await createConfig(rules);
  const source = JSON.stringify(document);
  const faults = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return faults.map(({ ruleId, message, location }) => `${location[0]?.pointer ?? ''}: ${message} (${ruleId})`);
}

test('the OpenAPI document has no fault', async () => {
  expect(await faultsOf(openApi)).toEqual([]);
});

test.each<[string, (operation: Record<string, unknown>) => void, RegExp]>([
  ['an operation without an id', (operation) => delete operation['operationId'], /operation-operationId/],
  ['an undescribed tag', (operation) => (operation['tags'] = ['money']), /operation-tag-defined/],
  [
    'an undescribed parameter',
    (operation) => (operation['parameters'] = [{ in: 'query', name: 'x', schema: {} }]),
    /parameter-description/,
  ],
  [
    'no response to a wrong request',
    (operation) => (operation['responses'] = { 200: { description: 'OK' } }),
    /operation-4xx-response/,
  ],
])('the lint finds %s', async (_, spoil, fault) => {
  const spoilt = structuredClone(openApi) as unknown as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  spoil(spoilt.paths['/api/v1/ledger/balances']?.['get'] ?? {});
  expect((await faultsOf(spoilt)).join('\n')).toMatch(fault);
});

test('every operation and webhook has an example of its request and of its responses', () => {
  const missing = [...operationsOf(openApi), ...webhooksOf(openApi)].flatMap(({ name, requestBody, responses }) => {
    const bodies = [['request', requestBody] as const, ...Object.entries(responses)];
    return bodies
      .filter(([status]) => !['4XX', '5XX'].includes(status))
      .flatMap(([status, body]) =>
        Object.values((body as { content?: object } | undefined)?.content ?? {}).map((media: object) => ({
          status,
          media,
        })),
      )
      .filter(({ media }) => !('example' in media))
      .map(({ status }) => `${name} ${status}`);
  });
  expect(missing).toEqual([]);
});
