import examples from '../../examples.json' with { type: 'json' };
import { mapValues } from './map-values.ts';

/** The bodies of a request and of its responses, by status. */
export interface OperationExamples {
  readonly request?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

type Content = Readonly<Record<string, object>>;
interface Operation {
  readonly operationId?: string;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** Adds to each operation and webhook the requests and responses that the tests have recorded. */
export function addExamples<Document extends { readonly paths?: object; readonly webhooks?: object }>(
  document: Document,
  recorded: Readonly<Record<string, OperationExamples>> = examples,
): Document {
  const withExamples = (methods: object) =>
    mapValues(methods, (operation: Operation) => {
      const example = recorded[operation.operationId ?? ''];
      if (!example) return operation;
      const { requestBody, responses } = operation;
      return {
        ...operation,
        ...(requestBody && example.request !== undefined && { requestBody: withExample(requestBody, example.request) }),
        responses: mapValues(responses, (response, status) =>
          status in example.responses ? withExample(response, example.responses[status]) : response,
        ),
      };
    });
  const { paths, webhooks } = document;
  return {
    ...document,
    ...(paths && { paths: mapValues(paths, withExamples) }),
    ...(webhooks && { webhooks: mapValues(webhooks, withExamples) }),
  };
}

function withExample<Body extends { readonly content?: Content }>(body: Body, example: unknown): Body {
  return { ...body, content: mapValues(body.content ?? {}, (media) => ({ ...media, example })) };
}
