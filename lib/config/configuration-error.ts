/** One invalid or missing value of the configuration. */
export interface Problem {
  /** The context key or the path of the profile field, such as `environmentSuffix` or `service.minTasks`. */
  readonly field: string;
  /** The value that was passed; `undefined` if none was. */
  readonly value: unknown;
  /** What is wrong and what to do about it, in full sentences. */
  readonly message: string;
}

/** Every problem of a configuration, one per line: field, value, cause and remedy. */
export class ConfigurationError extends Error {
  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`The configuration has ${count}:`, ...problems.map(describe)].join('\n'));
    this.name = 'ConfigurationError';
  }
}

function describe({ field, value, message }: Problem): string {
  return `  - ${field} is ${value === undefined ? 'missing' : JSON.stringify(value)}. ${message}`;
}
