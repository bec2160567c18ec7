/** Says all that is wrong with the environment at once. Values are shown, so no variable that holds a secret is read by its value. */
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

/** Reads variables of given names, and collects what is wrong with them: variable, value and remedy. */
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

  /** A variable without which the process cannot work. */
  text(name: Required): string {
    const value = this.#given(name);
    if (value === undefined) this.report(`${name} is missing; set it`);
    return value ?? '';
  }

  /** A variable, or its default. */
  maybe(name: Optional): string | undefined {
    return this.#given(name) ?? this.#defaults[name];
  }

  /** One of several values. */
  oneOf<T extends string>(name: Required | Optional, choices: readonly T[]): T {
    const value = this.#given(name) ?? (this.#defaults as Record<string, string | undefined>)[name] ?? '';
    if (!(choices as readonly string[]).includes(value)) {
      this.report(`${name} = "${value}"; choose ${choices.join(' or ')}`);
    }
    return value as T;
  }

  /** A whole number between two others. */
  whole(name: Optional, minimum: number, maximum: number): number {
    const value = this.maybe(name) ?? '';
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
      this.report(`${name} = "${value}"; use a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  }

  /** Adds what the caller found. */
  report(...problems: readonly string[]): void {
    this.#problems.push(...problems);
  }

  /** @throws EnvironmentError when there is any problem */
  finish(): void {
    if (this.#problems.length > 0) throw new EnvironmentError(this.#problems);
  }

  // Task definitions and shells write an empty string where they have nothing to say.
  #given(name: string): string | undefined {
    return this.#variables[name] === '' ? undefined : this.#variables[name];
  }
}
