import type { AdminRequest } from './command-line.ts';

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Sends requests to the operator's API of one platform. */
export class AdminClient {
  readonly #url: string;
  readonly #operatorKey: string;

  /** @param url the address of the platform, such as `EdgeUrl` */
  constructor(url: string, operatorKey: string) {
    this.#url = `${url.replace(/\/$/, '')}/api/v1/admin`;
    this.#operatorKey = operatorKey;
  }

  /**
   * Performs a request, those that follow it, and reads every page of a list.
   *
   * @returns one answer for each request
   * @throws with title, detail and correlation id when the API refuses a request
   */
  async perform(request: AdminRequest): Promise<unknown[]> {
    if (request.method === 'GET') return [await this.#readAll(request.path)];
    const answer = (await this.#send(request)) as { readonly id: string };
    return [answer, ...(request.then ? await this.perform(request.then(answer)) : [])];
  }

  async #readAll(path: string): Promise<unknown[]> {
    const items: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const address = `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${cursor}`}`;
      const page = (await this.#send({ method: 'GET', path: address })) as Page;
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  async #send({ method, path, body }: AdminRequest): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#operatorKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`${this.#url} does not answer. Start the platform with 'npm start', or pass --url.`, {
        cause: error,
      });
    });
    const text = await response.text();
    if (response.ok && isJson(response)) return JSON.parse(text);
    throw new Error(describe(response, text));
  }
}

const isJson = (response: Response) => /json/.test(response.headers.get('content-type') ?? '');

function describe(response: Response, text: string): string {
  if (!isJson(response)) return `${response.url} answers ${response.status} without JSON. Is --url a payment platform?`;
  const {
    title,
    detail,
    correlationId,
    errors = [],
  } = JSON.parse(text) as {
    readonly title?: string;
    readonly detail?: string;
    readonly correlationId?: string;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
  const fields = errors.map((error) => `${error.pointer} ${error.detail}`).join('; ');
  return `${response.status} ${title ?? ''}: ${detail ?? text}${fields && ` (${fields})`} Correlation id ${correlationId ?? 'unknown'}.`;
}
