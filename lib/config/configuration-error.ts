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
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`The configuration has ${count}:`, ...problems.map(describe)].join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** Says that a profile asks for something which this version of the platform does not build yet. */
export class UnbuiltVariantError extends ConfigurationError {
  constructor(field: string, value: string, built: readonly string[]) {
    super([{ field, value, remedy: `this variant is modelled but not built yet; choose ${built.join(' or ')}` }]);
    this.name = 'UnbuiltVariantError';
  }
}

function describe({ field, value, remedy }: Problem): string {
  return `  - ${field} ${value === undefined ? 'is missing' : `= ${JSON.stringify(value)}`}: ${remedy}`;
}
