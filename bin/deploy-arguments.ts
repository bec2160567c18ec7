import { parseArgs } from 'node:util';

/** The arguments of `npm run deploy`. */
export interface DeployArguments {
  /** Settings or resources whose replacement is accepted, from `--accept-replacement`. */
  readonly accepted: readonly string[];
  /** The directory of a cloud assembly, or the command that synthesizes one. @default - the app of `cdk.json` */
  readonly app: string | undefined;
  readonly context: readonly string[];
  readonly awsProfile: string | undefined;
  readonly isHelp: boolean;
  /** The arguments that are passed on to the CDK CLI. */
  readonly forCli: readonly string[];
}

/** Parses the command line of `npm run deploy`. @throws Error when `--accept-replacement` has no value */
export function deployArguments(given: readonly string[]): DeployArguments {
  const { tokens, values } = parseArgs({
    args: [...given],
    options: {
      'accept-replacement': { type: 'string', multiple: true, default: [] },
      app: { type: 'string', short: 'a' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    strict: false,
    tokens: true,
  });
  const accepted = values['accept-replacement'];
  if (accepted.some((value) => typeof value !== 'string' || value === '' || value.startsWith('-')))
    throw new Error('--accept-replacement has no value. Pass the setting to accept, such as network.cidr.');
  const own = new Set(
    tokens.flatMap((token) =>
      'name' in token && ['accept-replacement', 'app'].includes(token.name)
        ? [token.index, ...(token.value === undefined || token.inlineValue ? [] : [token.index + 1])]
        : [],
    ),
  );
  return {
    accepted: accepted.map(String),
    app: textOf(values.app),
    context: values.context.map(String),
    awsProfile: textOf(values.profile),
    isHelp: values.help === true,
    forCli: given.filter((_, index) => !own.has(index)),
  };
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
