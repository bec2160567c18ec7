import { readFile } from 'node:fs/promises';
import { clientTypes } from '../../client-types.ts';
import { operationList } from '../../operation-list.ts';
import operations from '../../operations.json' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApi, operationsOf, readOpenApi } from '../support/open-api.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let openApi: OpenApi;
beforeAll(async () => {
  platform = await startPlatform();
  openApi = await readOpenApi(platform.app);
});
afterAll(() => platform.close());

/** All routes of the router, parsed from its printed tree. */
function routesOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, segment = '', methods = ''] = /^([│ ]*)[├└]── (\S+) \((.+)\)$/.exec(line) ?? [];
    if (indent === undefined) return [];
    const depth = indent.length / 4;
    parents[depth] = (parents[depth - 1] ?? '') + segment;
    const path = parents[depth].replaceAll(/:(\w+)/g, '{$1}');
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${path}`);
  });
}

describe('the OpenAPI document', () => {
  test('is OpenAPI 3.1, public, and has a title', async () => {
    const response = await platform.app.inject({ url: '/api/v1/openapi.json' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(openApi.openapi).toMatch(/^3\.1\.\d+$/);
    expect(openApi.info).toMatchObject({ title: 'Payments API', version: '1.0.0' });
  });

  test('has every route except health checks, itself and the pages that browsers open', () => {
    const served = routesOf(platform.app.printRoutes({ commonPrefix: false }));
    expect(served).toContain('POST /api/v1/payments/{id}/refunds');
    const machines = ['GET /health', 'GET /ready', 'GET /api/v1/openapi.json'];
    const pages = [
      ...['sign-in', 'callback', 'provider-sign-out'].map((page) => `GET /api/v1/session/${page}`),
      'GET /api/v1/simulated-challenges/{id}',
      'POST /api/v1/simulated-challenges/{id}/{act}',
    ];
    expect(
      operationsOf(openApi)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(served.filter((route) => ![...machines, ...pages].includes(route)).sort());
  });

  test('has a summary, path parameters and error responses for each route', () => {
    for (const { name, path, summary, parameters = [], responses } of operationsOf(openApi)) {
      expect(summary, name).toMatch(/^[A-Z]/);
      const inPath = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => `{${parameter.name}}`);
      expect(inPath, name).toEqual(path.match(/\{\w+\}/g) ?? []);
      for (const status of ['4XX', '5XX']) {
        expect(Object.keys(responses[status]?.content ?? {}), name).toEqual(['application/problem+json']);
      }
    }
  });

  test('requires a body for each POST, and an Idempotency-Key where it moves money or stores a document', () => {
    for (const { name, parameters = [], requestBody } of operationsOf(openApi)) {
      const header = parameters.find((parameter) => parameter.in === 'header' && parameter.name !== 'Stripe-Signature');
      const changes = /^POST \/api\/v1\/payments(\/|$)/.test(name);
      expect(header?.name, name).toBe(changes ? 'Idempotency-Key' : undefined);
      expect(header?.required ?? false, name).toBe(changes);
      expect(requestBody !== undefined, name).toBe(/^(POST|PUT) /.test(name));
    }
  });

  test('has the operations that the API Gateway is built from (if not: npm run operations -w app)', () => {
    expect(operations).toEqual(operationList(openApi));
    expect(operations.length).toBeGreaterThan(10);
  });

  test('has the types that clients are compiled with (if not: npm run operations -w app)', async () => {
    const stored = await readFile(new URL('../../api-types.d.ts', import.meta.url), 'utf8');
    expect(stored === (await clientTypes(openApi)), 'app/api-types.d.ts is out of date').toBe(true);
  });
});
