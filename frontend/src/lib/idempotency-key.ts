import { useRef } from 'react';

/**
 * The Idempotency-Key of a form's request.
 *
 * A retry of the same content, after a double click or a lost response, has the same key, so the operation happens once. Other content, or a
 * request after a response, has a new key.
 */
export interface IdempotencyKeys {
  keyFor(content: object): string;
  /** Call it once the API has responded: the next request gets a new key. */
  conclude(): void;
}

export function useIdempotencyKey(): IdempotencyKeys {
  const current = useRef<{ content: string; key: string }>(undefined);
  return {
    keyFor(content) {
      const text = JSON.stringify(content);
      if (current.current?.content !== text) current.current = { content: text, key: crypto.randomUUID() };
      return current.current.key;
    },
    conclude() {
      current.current = undefined;
    },
  };
}
