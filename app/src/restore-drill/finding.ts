/** Something that is wrong with a restored copy. */
export interface Finding {
  readonly name:
    | 'migration-missing'
    | 'migration-altered'
    | 'differs-from-live'
    | 'unbalanced-posting'
    | 'unbalanced-currency'
    | 'payment-not-booked'
    | 'orphan';
  /** What exactly, with examples: ids and counts, no business data. */
  readonly detail: string;
}

/** Says all that is wrong with a restored copy. Its name tells the state machine that trying again is of no use. */
export class RestoredDatabaseError extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(`The restored database has ${findings.length} finding(s):\n${findings.map(lineOf).join('\n')}`);
    this.name = 'RestoredDatabaseError';
    this.findings = findings;
  }
}

function lineOf({ name, detail }: Finding): string {
  return `  - ${name}: ${detail}`;
}
