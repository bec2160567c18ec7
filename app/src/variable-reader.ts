/** Lists every problem of the environment. Problems quote values, so report a variable that contains a secret without its value. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

/** Reads environment variables and collects their problems: variable, value and remedy. An empty string counts as unset. */
export class VariableReader<Required extends string, Optional extends string> {
  readonly #variables: Readonly<Record<string, string | undefined>>;
  readonly #defaults: Readonly<Record<Optional, string | undefined>>;
  readonly #problems: string[] = [];

  constructor(
    variables: Readonly<Record<string, string | undefined>>,
    defaults: Readonly<Record<Optional, string | undefined>>,
  ) {
    this.#variables = variables;
    this.#defaults = defaults;
  }

  /** The value of a required variable. */
  required(name: Required): string {
    const value = this.#given(name);
    if (value === undefined) this.report(`${name} is missing; set it`);
    return value ?? '';
  }

  /** The value of an optional variable, or its default. */
  optional(name: Optional): string | undefined {
    return this.#given(name) ?? this.#defaults[name];
  }

  /** The value of a variable that must be one of `choices`. */
  oneOf<T extends string>(name: Required | Optional, choices: readonly T[]): T {
    const value = this.#given(name) ?? (this.#defaults as Record<string, string | undefined>)[name] ?? '';
    if (!(choices as readonly string[]).includes(value)) {
      this.report(`${name} = "${value}"; choose ${choices.join(' or ')}`);
    }
    return value as T;
  }

  /** The value of a variable that must be an integer from `minimum` to `maximum`. */
  integer(name: Optional, minimum: number, maximum: number): number {
    const value = this.optional(name) ?? '';
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
      this.report(`${name} = "${value}"; use a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  }

  /** Adds problems that the caller found. */
  report(...problems: readonly string[]): void {
    this.#problems.push(...problems);
  }

  /** @throws EnvironmentError if any problem was reported */
  throwIfInvalid(): void {
    if (this.#problems.length > 0) throw new EnvironmentError(this.#problems);
  }

  // Task definitions and shells pass an empty string for a variable that is not set.
  #given(name: string): string | undefined {
    return this.#variables[name] === '' ? undefined : this.#variables[name];
  }
}
