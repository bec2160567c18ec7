import type { StartedTarget, Target } from './target.ts';
import { notCheckable, type Verdict } from './verdict.ts';

/** A clause of CONTAINER-CONTRACT.md and its check. */
export interface Clause {
  /** The number in CONTAINER-CONTRACT.md. */
  readonly clause: number;
  /** The title in CONTAINER-CONTRACT.md. */
  readonly title: string;
  /** @throws Error when the target does not respond, which counts as a failure */
  readonly check: (target: Target) => Promise<Verdict>;
}

const doesNotListen = 'it does not listen on PORT; see clause 1';

/** A check that sends requests. */
export function whenItListens(check: Clause['check']): Clause['check'] {
  return async (target) => (target.started?.silence === undefined ? check(target) : notCheckable(doesNotListen));
}

/** A check that starts its own processes. */
export function whenItIsOurs(check: (started: StartedTarget) => Promise<Verdict>): Clause['check'] {
  return async ({ started }) => (started ? check(started) : notCheckable('needs --command instead of --url'));
}

/** A check of the running process. */
export function whenItServes(check: (started: StartedTarget) => Promise<Verdict>): Clause['check'] {
  return whenItIsOurs(async (started) =>
    started.silence === undefined ? check(started) : notCheckable(doesNotListen),
  );
}
