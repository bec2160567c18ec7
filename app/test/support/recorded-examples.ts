import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { OperationExamples } from '../../src/http/documented-examples.ts';

const shownItems = 2;
const time = '2026-01-15T09:30:00';

/** Keeps the first successful request of each operation and webhook, and its first response of each documented status below 400 or equal to 402. */
export function exampleRecorder() {
  const examples: Record<string, { request?: unknown; responses: Record<string, unknown> }> = {};
  const record = (operationId: string, { payload }: InjectOptions, response: LightMyRequestResponse): void => {
    const { statusCode, body } = response;
    if (statusCode >= 400 && statusCode !== 402) return;
    const example = (examples[operationId] ??= { responses: {} });
    if (payload !== undefined && statusCode < 400) example.request ??= payload;
    if (body !== '') example.responses[statusCode] ??= shortened(response);
  };
  const recordWebhook = (operationId: string, body: unknown): void => {
    examples[operationId] ??= { request: body, responses: {} };
  };
  return { record, recordWebhook, text: () => stable(examples) };
}

/** The body of a response. Lists have their first items only. */
function shortened({ body, headers }: LightMyRequestResponse): unknown {
  if (!/[/+]json(;|$)/.test(String(headers['content-type']))) return body.split('\n').slice(0, shownItems).join('\n');
  const content = JSON.parse(body) as { readonly items?: readonly unknown[] };
  return content.items ? { ...content, items: content.items.slice(0, shownItems) } : content;
}

/** The examples as JSON without anything that differs between runs, and without secrets. */
function stable(examples: Readonly<Record<string, OperationExamples>>): string {
  const ids = new Map<string, string>();
  const numbered = (id: string) => {
    const known = ids.get(id) ?? `019bc0f1-8e2c-7a3b-9c4d-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(id, known);
    return known;
  };
  const sorted = Object.fromEntries(Object.entries(examples).sort(([left], [right]) => (left < right ? -1 : 1)));
  return (
    JSON.stringify(sorted, undefined, 2)
      .replaceAll(/("nextCursor": )"[\w-]+"/g, `$1"${Buffer.from(`${time}|next`).toString('base64url')}"`)
      .replaceAll(/("url": )"http:[^"]+"/g, '$1"https://documents.example/upload?signature=…"')
      .replaceAll(/("correlationId": )"[^"]+"/g, '$1"4f1c2a9e7b"')
      .replaceAll(/\b([so]k_|whsec_)[0-9A-Za-z+/=]{30,}/g, '$1…')
      .replaceAll(/("durationMilliseconds": )\d+/g, (_, name: string) => `${name}42`)
      .replaceAll(/(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, numbered)
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, time)
      // PostgreSQL omits the trailing zeros of a fraction.
      .replaceAll(/\.\d{1,6}(?=Z|\+00:00)/g, '.000000')
      .replaceAll(/("day": )"[^"]+"/g, `$1"${time.slice(0, 10)}"`)
  );
}
