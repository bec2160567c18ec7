import { Problem } from '../problems.ts';
import type { Position } from '../db/newest-first.ts';

const time = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Encodes the position of the next page as an opaque string. */
function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt}|${id}`).toString('base64url');
}

/** Decodes a cursor of {@link page}. @throws Problem `cursor-invalid` */
export function decodeCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [createdAt = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (rest.length > 0 || !isTime(createdAt) || !uuid.test(id)) {
    throw new Problem('cursor-invalid', 'Use the unchanged nextCursor of the previous page.');
  }
  return { createdAt, id };
}

/** `Date` parses 30 February as 2 March, but the database rejects it. */
function isTime(text: string): boolean {
  if (!time.test(text) || Number.isNaN(Date.parse(text))) return false;
  return new Date(text).toISOString().slice(0, 10) === text.slice(0, 10);
}

/** Returns a page and its next cursor. `items` must have been queried with `limit + 1`: the extra item shows that there is a next page. */
export function page<T extends Position>(
  items: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? encodeCursor(last) : null };
}
