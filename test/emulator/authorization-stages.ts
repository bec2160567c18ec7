import type { Ended } from './cli';
import type { Assembly, Deployments } from './deployments';
import type { Emulator } from './emulator';
import { isNeeded, nameOf, notNeeded, type RoleStatement, shuffled } from './role-statements';
import type { Stage, Stages } from './stages';

/** What the stages that leave a statement out work with. */
export interface AuthorizationWorkplace {
  readonly emulator: Emulator;
  readonly stages: Pick<Stages, 'events' | 'nothingIsLeft'>;
  readonly deployments: Deployments;
  /** What the profile deploys in its life, in order; the last is what it destroys. */
  readonly assemblies: readonly (() => Promise<Assembly>)[];
  /** Decides which statements are left out. */
  readonly seed: number;
  /** @default - one statement */
  readonly everyStatement: boolean;
  /** Of the environment that is deployed again; a second one beside it is not. */
  readonly suffix: string;
}

/** The stage, which also fails when a call of a role was refused, though the caller may have gone on. */
export function withoutRefusals({ run, ...stage }: Stage, emulator: Emulator): Stage {
  const refusals = async () => (await emulator.accessJournal()).refusals.map((refusal) => `refused: ${refusal}`);
  return {
    ...stage,
    run: async () => {
      let said: string;
      try {
        said = await run();
      } catch (error) {
        throw new Error([...(await refusals()), (error as Error).message].join('\n'), { cause: error });
      }
      const refused = await refusals();
      if (refused.length > 0) throw new Error(refused.join('\n'));
      return said;
    },
  };
}

/**
 * After the life of an environment: which statements of its roles that life needed, and that it fails without one of them.
 *
 * The journal knows what relied on each statement. To show that the journal is right, the environment is deployed again without a
 * statement: an action must be refused that the journal names.
 */
export function authorizationStages(workplace: AuthorizationWorkplace): readonly Stage[] {
  const { emulator, seed, everyStatement, suffix } = workplace;
  let needed: readonly RoleStatement[] = [];
  return [
    {
      name: 'permissions',
      isInShortForm: true,
      run: async () => {
        const { statements } = await emulator.accessJournal();
        needed = statements.filter((statement) => isNeeded(statement) && statement.role.endsWith(`-${suffix}`));
        if (needed.length === 0) throw new Error('No call relied on a statement of a role: nothing was checked.');
        return `${needed.length} of ${statements.length} statements of roles are needed by this run\n${notNeeded(statements)}`;
      },
    },
    {
      name: everyStatement ? 'without each statement' : 'without one statement',
      run: async () => {
        const chosen = shuffled(needed, seed).slice(0, everyStatement ? needed.length : 1);
        const problems: string[] = [];
        for (const statement of chosen) {
          try {
            // At once, because the long form takes most of an hour.
            console.log(await deployedWithout(statement, workplace));
          } catch (error) {
            problems.push((error as Error).message);
            console.log(`  PROBLEM ${problems.at(-1) ?? ''}`);
          }
        }
        if (problems.length > 0) throw new Error(problems.join('\n'));
        return `${chosen.length} left out, one after the other`;
      },
    },
  ];
}

async function deployedWithout(statement: RoleStatement, workplace: AuthorizationWorkplace): Promise<string> {
  const { emulator, deployments, assemblies, everyStatement } = workplace;
  await emulator.leaveOut(statement);
  const ended = await liveUntilFailure(workplace);
  const { refusals } = await emulator.accessJournal();
  // Another environment follows only in the long form; the emulator forgets this one.
  await emulator.leaveOut(null);
  const last = assemblies.at(-1);
  if (everyStatement && last) {
    const { status, output } = await deployments.destroy(await last());
    if (status !== 0)
      throw new Error(`${nameOf(statement)}: not destroyed with every permission:\n${output.slice(-3000)}`);
    await workplace.stages.nothingIsLeft();
  }
  const expected = refusals.find((refusal) => isOf(statement, refusal));
  if (ended === undefined && expected === undefined)
    throw new Error(`Nothing fails without ${nameOf(statement)}, on which relied ${statement.alone.join(', ')}.`);
  if (expected === undefined) throw new Error(`${nameOf(statement)}: what failed was not refused:\n${ended ?? ''}`);
  return `  without ${nameOf(statement)}: ${ended === undefined ? 'goes on, but ' : ''}${expected}`;
}

/** Whether a call was refused of the kind that relied on the statement; another environment has other ids. */
function isOf({ role, alone }: RoleStatement, refusal: string): boolean {
  const actions = alone.map((call) => call.split(' on ')[0] ?? call);
  return actions.some((action) => refusal.startsWith(`${role} is not authorized to perform ${action} on `));
}

/** Deploys, delivers events and destroys, until a call is refused. @returns what was said by what failed, if anything did */
async function liveUntilFailure(workplace: AuthorizationWorkplace): Promise<string | undefined> {
  const { emulator, stages, deployments, assemblies } = workplace;
  const ended = ({ status, output }: Ended) => (status === 0 ? undefined : output.slice(-3000));
  const last = assemblies.at(-1);
  const steps: readonly (() => Promise<string | undefined>)[] = [
    ...assemblies.map((assembly) => async () => ended(await deployments.deploy(await assembly()))),
    async () =>
      stages.events().then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      ),
    async () => last && ended(await deployments.destroy(await last())),
  ];
  for (const step of steps) {
    const failure = await step();
    if (failure !== undefined) return failure;
    if ((await emulator.accessJournal()).refusals.length > 0) return undefined;
  }
  return undefined;
}
