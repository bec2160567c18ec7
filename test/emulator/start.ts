import { Emulator } from './emulator';

/*
 * `npm run emulator`: serves until Ctrl-C. What it prints makes a shell take it for AWS: eval "$(npm run -s emulator …)" would wait, so copy it.
 */

async function main(): Promise<void> {
  const emulator = await Emulator.start(Number(process.argv[2] ?? 4566));
  for (const [name, value] of Object.entries(emulator.environment)) console.log(`export ${name}=${value}`);
  process.once('SIGINT', () => void emulator.stop());
  process.once('SIGTERM', () => void emulator.stop());
}

void main();
