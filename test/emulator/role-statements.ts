import { createHash } from 'node:crypto';

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

/** The authorization decisions of the emulator. */
export interface AccessJournal {
  /** AWS's message for each call that was denied or not decidable. */
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

/** The statements that a run does not need, one per line, grouped by reason. */
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

/** Statements in an order that depends only on the seed, so that one more or less does not move the others. */
export function shuffled(statements: readonly RoleStatement[], seed: number): readonly RoleStatement[] {
  const rank = (statement: RoleStatement) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(statement)}`)
      .digest('hex');
  const ranked = statements.map((statement) => ({ statement, rank: rank(statement) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ statement }) => statement);
}
