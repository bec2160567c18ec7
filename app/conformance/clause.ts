import type { StartedTarget, Target } from './target.ts';
import { notCheckable, type Verdict } from './verdict.ts';

/** One clause of CONTAINER-CONTRACT.md, and how it is checked. */
export interface Clause {
  /** Its number on the page. */
  readonly clause: number;
  /** Its title on the page. */
  readonly title: string;
  /** @throws Error when the target does not even answer, which is a failure of the clause */
  readonly check: (target: Target) => Promise<Verdict>;
}

const doesNotListen = 'it does not listen on PORT; see clause 1';

/** A check that asks over the network. */
export function whenItListens(check: Clause['check']): Clause['check'] {
  return async (target) => (target.started?.silence === undefined ? check(target) : notCheckable(doesNotListen));
}

/** A check that starts processes of its own. */
export function whenItIsOurs(check: (started: StartedTarget) => Promise<Verdict>): Clause['check'] {
  return async ({ started }) => (started ? check(started) : notCheckable('needs --command instead of --url'));
}

/** A check of the process that was started and serves. */
export function whenItServes(check: (started: StartedTarget) => Promise<Verdict>): Clause['check'] {
  return whenItIsOurs(async (started) =>
    started.silence === undefined ? check(started) : notCheckable(doesNotListen),
  );
}
