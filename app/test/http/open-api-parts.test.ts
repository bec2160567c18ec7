import { expect, test } from 'vitest';
import { addExamples } from '../../src/http/documented-examples.ts';
import { nameSchemas } from '../../src/http/named-schemas.ts';

const thing = { title: 'Thing', type: 'object', properties: { title: { type: 'string' } } };

/** A document with one operation, whose responses have these schemas. */
const documentOf = (...schemas: object[]) => ({
  info: { title: 'An API' },
  components: {},
  paths: {
    '/things': {
      get: {
        operationId: 'listThings',
        responses: Object.fromEntries(
          schemas.map((schema, index) => [String(200 + index), { content: { 'application/json': { schema } } }]),
        ),
      },
    },
  },
});

test('a schema with a title becomes one component, also within another schema', () => {
  const named = nameSchemas({ ...documentOf(thing, { type: 'array', items: thing }), components: { headers: {} } });
  const reference = { $ref: '#/components/schemas/Thing' };
  expect(named).toEqual({
    ...documentOf(reference, { type: 'array', items: reference }),
    components: { headers: {}, schemas: { Thing: thing } },
  });
});

test('two schemas with one title are an error that names it', () => {
  expect(() => nameSchemas(documentOf(thing, { ...thing, type: 'string' }))).toThrow(
    'Two schemas have the title Thing. Rename one of them.',
  );
});

test('an operation gets its recorded responses, and one without any stays as it is', () => {
  const document = documentOf({}, {});
  expect(addExamples(document, {})).toEqual(document);
  const { paths } = addExamples(document, { listThings: { responses: { 200: [1] } } });
  expect(paths['/things'].get.responses).toEqual({
    200: { content: { 'application/json': { schema: {}, example: [1] } } },
    201: { content: { 'application/json': { schema: {} } } },
  });
});
