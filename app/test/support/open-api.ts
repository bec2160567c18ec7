import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import type { ReceivedWebhook } from './webhooks/receiver-process.ts';

/** An operation of the OpenAPI document. */
export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}
/** The parts of the OpenAPI document that tests read. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly webhooks: Record<string, { readonly post: Operation }>;
  readonly components: { readonly schemas: Record<string, object> };
}

/** Fetches the OpenAPI document. */
export async function readOpenApi(app: FastifyInstance): Promise<OpenApi> {
  return (await app.inject({ url: '/api/v1/openapi.json' })).json<OpenApi>();
}

/** All operations of the OpenAPI document, with names such as `GET /api/v1/payments`. */
export function operationsOf({ paths }: OpenApi): (Operation & { readonly name: string; readonly path: string })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      ...operation,
    })),
  );
}

/** All webhooks of the OpenAPI document. */
export function webhooksOf({ webhooks }: OpenApi): (Operation & { readonly name: string })[] {
  return Object.entries(webhooks).map(([type, { post }]) => ({ name: type, ...post }));
}

/** Sets additionalProperties: false on every object, so that undocumented fields fail. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each)]));
  return 'properties' in inner && inner['type'] === 'object' ? { additionalProperties: false, ...inner } : inner;
}

/** Validates responses and webhooks against the OpenAPI document and records which ones it has seen. */
export function answerJudge(openApi: OpenApi) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  ajv.addSchema(closed(openApi) as object, 'api');
  const seen = new Set<string>();
  /** Returns the id of the operation. */
  const check = (method: string, url: string, response: LightMyRequestResponse): string => {
    const address = url.split('?')[0] ?? '';
    const path = Object.keys(openApi.paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(address),
    );
    const operation = openApi.paths[path ?? '']?.[method.toLowerCase()];
    const code = String(response.statusCode);
    const status = operation?.responses[code] ? code : `${code.slice(0, 1)}XX`;
    const name = `${method} ${path ?? url} ${code}`;
    expect(operation?.responses[status], name).toBeDefined();
    seen.add(`${method} ${path ?? ''} ${status}`);
    const { operationId = '' } = operation ?? {};
    if (code === '204') return operationId;
    const type = String(response.headers['content-type']).split(';')[0] ?? '';
    expect(Object.keys(operation?.responses[status]?.content ?? {}), name).toContain(type);
    // A file of lines is text to the document.
    if (!/[/+]json$/.test(type)) return operationId;
    const steps = ['paths', path ?? '', method.toLowerCase(), 'responses', status, 'content', type, 'schema'];
    expectValid(steps, response.json(), name);
    return operationId;
  };
  /** Returns the id of the operation that describes the webhook. */
  const checkWebhook = ({ body, headers }: ReceivedWebhook): string => {
    const { type } = body;
    const operation = openApi.webhooks[type]?.post;
    expect(operation, type).toBeDefined();
    seen.add(type);
    expectValid(['webhooks', type, 'post', 'requestBody', 'content', 'application/json', 'schema'], body, type);
    expect(headers['content-type']).toBe('application/json');
    const parameters = operation?.parameters ?? [];
    expect(
      Object.keys(headers)
        .filter((name) => name.startsWith('webhook-'))
        .sort(),
    ).toEqual(parameters.map(({ name }) => name).sort());
    for (const [index, { name }] of parameters.entries())
      expectValid(['webhooks', type, 'post', 'parameters', String(index), 'schema'], headers[name], name);
    return operation?.operationId ?? '';
  };
  /** Validates a value against the schema at these steps of the document. */
  const expectValid = (steps: readonly string[], value: unknown, name: string): void => {
    const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.compile({ $ref: `api#/${pointer}` });
    expect(validate(value) ? [] : validate.errors, `${name}: ${JSON.stringify(value)}`).toEqual([]);
  };
  return { seen, check, checkWebhook };
}
