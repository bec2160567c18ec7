import type { Clause } from './clause.ts';
import { clauses } from './clauses.ts';
import { reasonOf } from './client.ts';
import type { Target } from './target.ts';
import { failed, type Verdict } from './verdict.ts';

/** A clause and its result. */
export interface Result extends Pick<Clause, 'clause' | 'title'> {
  readonly verdict: Verdict;
}

/** Checks every clause in sequence and reports each result immediately. */
export async function checkClauses(target: Target, tell: (result: Result) => void): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { clause, title, check } of clauses) {
    const verdict = await check(target).catch((error: unknown) => failed('an answer', reasonOf(error)));
    const result = { clause, title, verdict };
    results.push(result);
    tell(result);
  }
  return results;
}

/** The report line of a clause. */
export function lineOf({ clause, title, verdict }: Result): string {
  const start = `${String(clause).padStart(2)}  ${verdict.outcome.padEnd(13)}  ${title}`;
  switch (verdict.outcome) {
    case 'passed':
      return verdict.note === undefined ? start : `${start} (${verdict.note})`;
    case 'failed':
      return `${start}: expected ${inOneLine(verdict.expected)}; found ${inOneLine(verdict.found)}`;
    case 'not checkable':
      return `${start}: ${verdict.why}`;
  }
}

/** The summary line. */
export function countOf(results: readonly Result[]): string {
  return (['passed', 'failed', 'not checkable'] as const)
    .map((outcome) => `${results.filter(({ verdict }) => verdict.outcome === outcome).length} ${outcome}`)
    .join(', ');
}

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
