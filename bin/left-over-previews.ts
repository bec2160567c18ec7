import { parseArgs } from 'node:util';
import { existingStacks, leftOverPreviews } from '../lib/delivery/left-over-previews';

/*
 * Prints the suffixes of previews whose pull request is no longer open, one a line: stacks named `…-pr<number>` in the given regions.
 *
 * The open pull requests are required, because an empty list would name every preview.
 */

const usage = 'Usage: left-over-previews --regions REGION,REGION --open NUMBER,NUMBER|none';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { regions: { type: 'string' }, open: { type: 'string' } } });
  const open = values.open === 'none' ? [] : values.open?.split(',').map(Number);
  if (!values.regions || !open?.every((number) => number > 0)) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const names = await Promise.all(values.regions.split(',').map(existingStacks));
  for (const suffix of leftOverPreviews(names.flat(), open)) console.log(suffix);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
