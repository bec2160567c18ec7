import { parseArgs } from 'node:util';

/** The arguments of `npm run evidence`. */
export interface EvidenceArguments {
  /** Context of the synthesis: `key=value`. */
  readonly context: readonly string[];
  /** The folder of an existing cloud assembly. @default - synthesized with the context */
  readonly assembly: string | undefined;
  /** Payments a second for which the cost is estimated. */
  readonly rate: number;
  /** Whether the account is asked about its own controls. */
  readonly account: boolean;
  /** Where the report is written. */
  readonly output: string;
}

/** Parses the command line of `npm run evidence`. @throws Error on an unknown option, a rate that is no number and context beside `--assembly` */
export function evidenceArguments(given: readonly string[]): EvidenceArguments {
  const { values } = parseArgs({
    args: [...given],
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      assembly: { type: 'string' },
      rate: { type: 'string', default: '10' },
      account: { type: 'boolean', default: false },
      output: { type: 'string', short: 'o', default: 'evidence' },
    },
  });
  const { context, assembly, account, output } = values;
  if (assembly !== undefined && context.length > 0)
    throw new Error(
      `--assembly ${assembly} is already synthesized, so -c ${context[0] ?? ''} has no effect. Omit one of them.`,
    );
  const rate = Number(values.rate);
  if (!(rate >= 0 && rate <= 100_000))
    throw new Error(`--rate is ${values.rate}. Pass payments a second, from 0 to 100000.`);
  return { context, assembly, rate, account, output };
}
