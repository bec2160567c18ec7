import { spawnSync, type StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

/** The program of the pinned CDK CLI. */
export const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

/**
 * Synthesizes into a temporary folder, which is removed when the process exits. Returns the folder. If synthesis fails, exits with the
 * code of the CLI.
 *
 * @param context - `key=value`
 * @param options - further options of `cdk synth`
 */
export function synthesize(context: readonly string[], options: readonly string[], stdio: StdioOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const values = context.flatMap((pair) => ['--context', pair]);
  const synth = [cli, 'synth', '--quiet', '--output', folder, ...values, ...options];
  const { status } = spawnSync(process.execPath, synth, { cwd: root, stdio });
  if (status !== 0) process.exit(status ?? 1);
  return folder;
}
