/** A statement of a role's policy, and the calls of the run that it allowed. */
export interface RoleStatement {
  readonly role: string;
  readonly policy: string;
  /** Its place in the policy, from 0. */
  readonly index: number;
  readonly actions: readonly string[];
  /** Whether anything ran under the role. */
  readonly ran: boolean;
  /** Calls that no other statement of the role allows. */
  readonly alone: readonly string[];
  /** Calls that another statement allows too. */
  readonly shared: readonly string[];
}

/** What the emulator has decided on calls of roles. */
export interface AccessJournal {
  /** In AWS's words, each call that was refused or could not be decided on. */
  readonly refusals: readonly string[];
  readonly statements: readonly RoleStatement[];
}

/** Whether the run fails without the statement. */
export function isNeeded({ alone }: RoleStatement): boolean {
  return alone.length > 0;
}

/** `role, policy, statement n`. */
export function nameOf({ role, policy, index }: RoleStatement): string {
  return `${role}, ${policy}, statement ${index + 1}`;
}

/** The statements that a run does not need, one a line, below why. */
export function notNeeded(statements: readonly RoleStatement[]): string {
  const idle = statements.filter((statement) => !isNeeded(statement));
  const groups: readonly [why: string, which: (statement: RoleStatement) => boolean][] = [
    ['another statement of the role allows the same', ({ shared }) => shared.length > 0],
    ['the role made no such call', ({ ran, shared }) => ran && shared.length === 0],
    ['nothing runs under the role in the emulator', ({ ran }) => !ran],
  ];
  return groups
    .map(([why, which]) => [why, idle.filter(which)] as const)
    .filter(([, found]) => found.length > 0)
    .flatMap(([why, found]) => [
      `not needed by this run, because ${why}:`,
      ...found.map((statement) => `  ${nameOf(statement)}: ${statement.actions.join(', ')}`).sort(),
    ])
    .join('\n');
}

/**
 * Statements in an order that only the seed decides, by Fisher and Yates with the numbers of mulberry32.
 *
 * @param seed a whole number from 0 to 2^32 - 1
 */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
}
