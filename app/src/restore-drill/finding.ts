/** A difference between a restored copy and what it must contain. */
export interface Finding {
  readonly name:
    | 'migration-missing'
    | 'migration-altered'
    | 'differs-from-live'
    | 'unbalanced-posting'
    | 'unbalanced-currency'
    | 'payment-not-booked'
    | 'orphan'
    | 'ledger-altered'
    | 'chain-differs-from-live';
  /** Ids and counts, no business data. */
  readonly detail: string;
}

/** All findings about a restored copy. The state machine does not retry errors of this name. */
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
