import { byCodeUnit } from '../sort';
import type { Way } from './decide';

/** Actions that are allowed on the same conditions. */
export interface ConditionalActions {
  readonly actions: readonly string[];
  /** The alternatives of which a request must meet one; empty where it is allowed in any case. */
  readonly conditions: readonly string[];
}

/** The allowed ones among some actions, grouped by their conditions. */
export function groupByConditions(
  actions: readonly string[],
  waysTo: (action: string) => readonly Way[],
): ConditionalActions[] {
  const allowed = actions
    .map((action) => ({ action, ways: waysTo(action) }))
    .filter(({ ways }) => ways.length > 0)
    .map(({ action, ways }) => ({ action, conditions: alternatives(ways) }));
  const groups = new Map(allowed.map(({ conditions }) => [conditions.join(' or '), conditions]));
  return [...groups].sort(byCodeUnit(([text]) => text)).map(([text, conditions]) => ({
    actions: allowed.filter((each) => each.conditions.join(' or ') === text).map(({ action }) => action),
    conditions,
  }));
}

function alternatives(ways: readonly Way[]): string[] {
  if (ways.some(({ conditions }) => conditions.length === 0)) return [];
  return [...new Set(ways.map(({ conditions }) => conditions.join(' and ')))].sort(byCodeUnit((each) => each));
}
