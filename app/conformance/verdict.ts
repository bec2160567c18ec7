/** The result of a clause. A clause that cannot be checked has a reason and does not count as passed. */
export type Verdict =
  | { readonly outcome: 'passed'; readonly note?: string }
  | { readonly outcome: 'failed'; readonly expected: string; readonly found: string }
  | { readonly outcome: 'not checkable'; readonly why: string };

/** The clause is satisfied. `note` explains how, where it is not obvious. */
export function passed(note?: string): Verdict {
  return note === undefined ? { outcome: 'passed' } : { outcome: 'passed', note };
}

/** The clause is violated. */
export function failed(expected: string, found: string): Verdict {
  return { outcome: 'failed', expected, found };
}

/** The clause cannot be checked here. */
export function notCheckable(why: string): Verdict {
  return { outcome: 'not checkable', why };
}
