import { networkInterfaces } from 'node:os';
import type { SecretVariable, ServiceEnvironment } from '../../src/environment.ts';
import { type Clause, whenItIsOurs, whenItServes } from '../clause.ts';
import { accepts } from '../client.ts';
import type { StartedTarget } from '../target.ts';
import { failed, notCheckable, passed, type Verdict } from '../verdict.ts';

type Variable =
  (ServiceEnvironment extends infer Way ? (Way extends unknown ? keyof Way : never) : never) | SecretVariable;
type Changes = Readonly<Partial<Record<Variable, string | undefined>>>;

/** Changes that make an environment invalid with every kind of database authentication. */
const alwaysWrong: Changes = {
  ENVIRONMENT_NAME: undefined,
  DATABASE_AUTHENTICATION: 'no-such-authentication',
  PORT: 'no-number',
};
const wrongLogin: Changes = { DATABASE_HOST: undefined, DATABASE_NAME: undefined, DATABASE_USER: undefined };
const wrongConnectionString: Changes = { DATABASE_CONNECTION_STRING: undefined };

async function endsNaming(started: StartedTarget, variable: string, value: string | undefined): Promise<Verdict> {
  const { startSeconds } = started.settings;
  const process = started.launch({ PORT: '0', [variable]: value });
  try {
    const exit = await process.endedWithin(startSeconds);
    const how = value === undefined ? `without ${variable}` : `with ${variable}=${value}`;
    if (exit === undefined)
      return failed('an exit code other than 0', `${how} it still ran after ${startSeconds} seconds`);
    if (exit === 0) return failed('an exit code other than 0', `${how} it ended with 0`);
    if (!process.output.includes(variable))
      return failed(
        `a message that names ${variable}`,
        `${how} it ended with ${exit} and wrote: ${process.output.slice(-200)}`,
      );
    return passed();
  } finally {
    await process.kill();
  }
}

/** Another loopback address: on Linux, all of 127.0.0.0/8 is loopback. */
function anotherAddress(): string | undefined {
  if (process.platform === 'linux') return '127.0.0.2';
  const addresses = Object.values(networkInterfaces()).flat();
  return addresses.find((each) => each && !each.internal && each.family === 'IPv4')?.address;
}

export const starting: readonly Clause[] = [
  {
    clause: 1,
    title: 'Listens on the port that PORT names',
    check: whenItIsOurs(async ({ url, silence }) =>
      silence === undefined ? passed() : failed(`a process that listens on PORT=${url.port}`, silence),
    ),
  },
  {
    clause: 2,
    title: 'Listens on every address of its container',
    check: whenItServes(async ({ url, settings }) => {
      const address = anotherAddress();
      const { BIND_ADDRESS: bindAddress } = settings.service.environment;
      if (bindAddress !== undefined && bindAddress !== '')
        return notCheckable(`BIND_ADDRESS=${bindAddress} tells it otherwise; leave that out`);
      if (address === undefined) return notCheckable('this machine has one address only');
      return (await accepts(address, Number(url.port)))
        ? passed()
        : failed(`connections to ${address}:${url.port}, as well as to ${url.hostname}`, 'they are refused');
    }),
  },
  {
    clause: 3,
    title: 'Refuses a wrong environment, naming the variable',
    check: whenItIsOurs(async (started) => {
      const { DATABASE_AUTHENTICATION: authentication } = started.settings.service.environment;
      const wrong = authentication === 'connection-string' ? wrongConnectionString : wrongLogin;
      const cases = Object.entries({ ...alwaysWrong, ...wrong });
      const verdicts = await Promise.all(cases.map(([variable, value]) => endsNaming(started, variable, value)));
      return verdicts.find(({ outcome }) => outcome !== 'passed') ?? passed();
    }),
  },
];
