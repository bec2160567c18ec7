/** What became of one clause. What cannot be checked says why; it never counts as passed. */
export type Verdict =
  | { readonly outcome: 'passed'; readonly note?: string }
  | { readonly outcome: 'failed'; readonly expected: string; readonly found: string }
  | { readonly outcome: 'not checkable'; readonly why: string };

/** The clause is kept; `note` says how that was seen, where it is not obvious. */
export function passed(note?: string): Verdict {
  return note === undefined ? { outcome: 'passed' } : { outcome: 'passed', note };
}

/** The clause is broken. */
export function failed(expected: string, found: string): Verdict {
  return { outcome: 'failed', expected, found };
}

/** Nobody can tell from here. */
export function notCheckable(why: string): Verdict {
  return { outcome: 'not checkable', why };
}
