import { Problem } from '../problems.ts';
import type { Position } from '../db/newest-first.ts';

const time = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the next page begins, as text that means nothing to the client. */
function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt}|${id}`).toString('base64url');
}

/** @throws Problem when the text is no cursor of ours */
export function decodeCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [createdAt = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (rest.length > 0 || !isTime(createdAt) || !uuid.test(id)) {
    throw new Problem('cursor-invalid', 'Use the unchanged nextCursor of the previous page.');
  }
  return { createdAt, id };
}

/** `Date` reads the 30th of February as the 2nd of March; the database does not read it at all. */
function isTime(text: string): boolean {
  if (!time.test(text) || Number.isNaN(Date.parse(text))) return false;
  return new Date(text).toISOString().slice(0, 10) === text.slice(0, 10);
}

/** A page of a list that was asked for one item more than the page holds. */
export function page<T extends Position>(
  items: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? encodeCursor(last) : null };
}
