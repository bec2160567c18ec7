/** Whether a control of the account is in place: `unknown` when the credentials do not show it. */
export const dutyStates = ['on', 'partly', 'off', 'unknown'] as const;

/** What a service answers about its control. */
export interface DutyState {
  readonly state: (typeof dutyStates)[number];
  /** What is missing, or what is in place. */
  readonly detail: string;
}

/** The state of a duty in one region. */
export interface DutyCheck extends DutyState {
  /** As in the list of duties. */
  readonly service: string;
  readonly region: string;
}

/** On, unless something is missing. @param parts - what must be in place, and whether it is */
export function stateOf(detail: string, parts: Readonly<Record<string, boolean>>): DutyState {
  const missing = Object.keys(parts).filter((part) => !parts[part]);
  if (missing.length === 0) return { state: 'on', detail };
  return { state: 'partly', detail: `${detail}; missing: ${missing.join(', ')}` };
}
