/** One thing that is wrong with what the user passed. */
export interface Problem {
  /** The context key or the path of the profile field, such as `environmentSuffix` or `service.minTasks`. */
  readonly field: string;
  /** What was found there; `undefined` when nothing was. */
  readonly value: unknown;
  /** What is wrong and what to do about it. */
  readonly remedy: string;
}

/** Everything that is wrong with a configuration, in one readable message. */
export class ConfigurationError extends Error {
  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`The configuration has ${count}:`, ...problems.map(describe)].join('\n'));
    this.name = 'ConfigurationError';
  }
}

function describe({ field, value, remedy }: Problem): string {
  return `  - ${field} ${value === undefined ? 'is missing' : `= ${JSON.stringify(value)}`}: ${remedy}`;
}
