import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type FlatOutputs, readFlatOutputs } from './flat-outputs';

/*
 * Checks what `npm run deploy` has deployed; further arguments go to jest. Without outputs of a deployment it fails, in one sentence.
 *
 * Behind an emulator (AWS_ENDPOINT_URL) no public address answers; the checks that need one are then skipped, told and counted. In AWS they fail.
 */

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<number> {
  let outputs: FlatOutputs;
  try {
    outputs = readFlatOutputs();
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  const emulated = process.env['AWS_ENDPOINT_URL'] !== undefined;
  const unreachable = emulated && !(await answers(outputs.EdgeUrl));
  if (unreachable) console.log(`${outputs.EdgeUrl} does not answer behind an emulator: NOT CHECKED through it.`);
  const jest = require.resolve('jest/bin/jest');
  const config = join(__dirname, 'jest.config.json');
  // The SDK loads some providers of credentials by `import()`, which jest allows with this flag only.
  const { status, error } = spawnSync(
    process.execPath,
    ['--experimental-vm-modules', jest, '--config', config, ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, PUBLIC_URL_ANSWERS: unreachable ? 'no' : 'yes' } },
  );
  if (error) throw error;
  return status ?? 1;
}

void main().then((code) => {
  process.exitCode = code;
});
