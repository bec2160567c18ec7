import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { EventQueueUrls } from '../app/src/queue/event-queue.ts';
import { DeadLetters } from '../app/redrive/dead-letters.ts';
import { redrive } from '../app/redrive/redrive.ts';

/* `npm run redrive`: lists the dead letters of the payment queue with their reasons and moves them back. */

const usage = `Usage: npm run redrive -- [--dry-run] [--reason TEXT] [--outputs FILE]
  --dry-run  list the dead letters without moving them
  --reason   move only those whose reason contains TEXT
  --outputs  file with the stack outputs (default cfn-outputs/flat-outputs.json)`;
const written = fileURLToPath(new URL('../cfn-outputs/flat-outputs.json', import.meta.url));

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        'dry-run': { type: 'boolean', default: false },
        reason: { type: 'string' },
        outputs: { type: 'string', default: written },
      },
    });
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** Reads the queue URLs from the stack outputs. */
function readOutputs(path: string): EventQueueUrls & { readonly region: string } {
  if (!existsSync(path))
    throw new Error(
      `${path} does not exist. Run 'npm run deploy', which writes it, or name another file with --outputs.`,
    );
  const outputs = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string | undefined>>;
  const output = (name: string) => {
    const value = outputs[name];
    if (value !== undefined) return value;
    throw new Error(`${path} has no output ${name}. Deploy a profile with paymentQueue; no other has dead letters.`);
  };
  return {
    region: output('ComputeRegion'),
    queueUrl: output('ComputePaymentQueueUrl'),
    deadLetterQueueUrl: output('ComputePaymentDeadLetterQueueUrl'),
  };
}

const { 'dry-run': dryRun, reason, outputs } = readArguments();
try {
  const { region, ...urls } = readOutputs(outputs);
  const letters = new DeadLetters(new SQSClient({ region }), urls);
  const { seen, moved } = await redrive(letters, { dryRun, ...(reason !== undefined && { reason }) }, (line) => {
    console.log(line);
  });
  console.log(`${seen} dead letters, ${moved} moved back`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
