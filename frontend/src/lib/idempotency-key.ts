import { useRef } from 'react';

/**
 * The Idempotency-Key of what the user is about to do.
 *
 * It stays the same while the same thing is tried again, after a double click or a lost answer, so that it happens once;
 * another content, or a new intention after an answer, has another key.
 */
export interface Intention {
  keyFor(content: object): string;
  /** The API has answered: what comes next is a new intention. */
  conclude(): void;
}

export function useIntention(): Intention {
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
