/** The part of Amazon States Language that the state machines use. Anything else is an error. */
export interface State {
  readonly Type: 'Task' | 'Choice' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
}

/** A retrier. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
}

interface Rule {
  readonly Variable: string;
  readonly StringEquals?: string;
  readonly IsPresent?: boolean;
  readonly Next: string;
}

/** A deployed state machine. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds: number;
}

/** How a run ended. */
export interface RunEnd {
  readonly state: string;
  readonly data: unknown;
  readonly error?: unknown;
  readonly cause?: unknown;
  /** Attempts of each task. */
  readonly tries: Readonly<Record<string, number>>;
}

/** Dependencies of a run. */
export interface RunWorld {
  /** Calls the function of a task. */
  invoke(resource: string, payload: unknown): Promise<unknown>;
  /** Lets time pass. */
  wait(seconds: number): void;
  /** The context object, `$$`. */
  readonly context: unknown;
}

/** Runs a state machine with functions in this process and without real waits. */
export async function runStateMachine({ StartAt, States }: Definition, world: RunWorld): Promise<RunEnd> {
  const tries: Record<string, number> = {};
  let data: unknown = {};
  for (let name = StartAt; ;) {
    const state = States[name];
    if (!state) throw new Error(`There is no state ${name}.`);
    if (state.Type === 'Succeed') return { state: name, data, tries };
    if (state.Type === 'Fail') {
      return { state: name, data, tries, error: valueAt(data, state.ErrorPath), cause: valueAt(data, state.CausePath) };
    }
    if (state.Type === 'Choice') {
      name = state.Choices?.find((rule) => holds(rule, data))?.Next ?? state.Default ?? '';
      continue;
    }
    const outcome = await doTask(state, data, world);
    tries[name] = (tries[name] ?? 0) + outcome.tries;
    if ('error' in outcome) {
      const { error } = outcome;
      const caught = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error.name));
      // As in AWS, the run then ends without clean-up.
      if (!caught) return { state: name, data, tries, error: error.name, cause: error.message };
      data = withResult(data, caught.ResultPath, {
        Error: error.name,
        Cause: JSON.stringify({ errorMessage: error.message }),
      });
      name = caught.Next;
    } else {
      data = withResult(data, state.ResultPath, outcome.result);
      name = state.Next ?? '';
    }
  }
}

type Outcome = { readonly tries: number } & ({ readonly result: unknown } | { readonly error: Error });

async function doTask(state: State, data: unknown, world: RunWorld): Promise<Outcome> {
  const attempts = new Map<Retrier, number>();
  for (let tries = 1; ; tries += 1) {
    try {
      const payload = parametersOf(state.Parameters, data, world.context);
      const result = await world.invoke(state.Resource ?? '', payload);
      return { tries, result: JSON.parse(JSON.stringify(result ?? null)) as unknown };
    } catch (thrown) {
      const error = thrown as Error;
      const retrier = state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, error.name));
      const attempt = retrier ? (attempts.get(retrier) ?? 0) : Infinity;
      if (!retrier || attempt >= (retrier.MaxAttempts ?? 3)) return { tries, error };
      attempts.set(retrier, attempt + 1);
      world.wait((retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** attempt);
    }
  }
}

function parametersOf(parameters: State['Parameters'], data: unknown, context: unknown): unknown {
  if (!parameters) throw new Error('A task without parameters is not known here.');
  const resolved = Object.entries(parameters).map(([key, value]) => {
    if (!key.endsWith('.$')) return [key, value];
    const path = String(value);
    return [key.slice(0, -2), path.startsWith('$$') ? valueAt(context, path.slice(1)) : valueAt(data, path)];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(resolved))) as unknown;
}

/** @throws when nothing is there: in AWS that ends the run, uncaught */
function valueAt(data: unknown, path = ''): unknown {
  const value = find(data, path);
  if (value === undefined) throw new Error(`Nothing is at ${path}.`);
  return value;
}

function find(data: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], data);
}

function withResult(data: unknown, path: string | null | undefined, result: unknown): unknown {
  if (path === null) return data;
  if (!/^\$\.\w+$/.test(path ?? '')) throw new Error(`A result at ${String(path)} is not known here.`);
  return { ...(data as object), [String(path).slice(2)]: result };
}

function holds({ Variable, StringEquals, IsPresent }: Rule, data: unknown): boolean {
  if (IsPresent !== undefined) return (find(data, Variable) !== undefined) === IsPresent;
  if (StringEquals !== undefined) return valueAt(data, Variable) === StringEquals;
  throw new Error(`A rule about ${Variable} is not known here.`);
}

function matches(patterns: readonly string[], error: string): boolean {
  return patterns.includes(error) || patterns.includes('States.ALL');
}
