import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileContexts } from '../support/profile-contexts';

/*
 * `npm run bench:synth`: what `cdk synth` of each profile takes, beside an app with nothing in it, which is what CDK itself takes.
 */

const root = join(__dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'payment-platform-synth-'));

interface Synthesis {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMebibytes: number;
}

/** Runs the CDK's command line, and asks GNU time what it took. @throws when the synthesis fails */
async function synthesize(app: string, context: readonly string[]): Promise<Synthesis> {
  const report = join(directory, 'time');
  const command = ['npx', 'cdk', 'synth', '--quiet', '--app', app, '--output', join(directory, 'out'), ...context];
  const child = spawn('/usr/bin/time', ['-f', '%e %U %S %M', '-o', report, ...command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', () => {
      reject(new Error('GNU time is not installed: apt-get install time.'));
    });
  });
  if (code !== 0) throw new Error(`cdk synth ended with ${String(code)}:\n${errors.slice(-2000)}`);
  const [seconds = NaN, user = NaN, system = NaN, kibibytes = NaN] = readFileSync(report, 'utf8')
    .trim()
    .split(/\s+/)
    .map(Number);
  return { seconds, processorSeconds: user + system, peakMebibytes: Math.round(kibibytes / 1024) };
}

async function main(): Promise<void> {
  const empty = join(directory, 'empty.ts');
  const library = join(root, 'node_modules', 'aws-cdk-lib');
  writeFileSync(
    empty,
    `const { App, Stack } = require('${library}');\nconst app = new App();\nnew Stack(app, 'Empty');\napp.synth();\n`,
  );
  const { app } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { app: string };
  const rows: [string, Synthesis][] = [['an empty app', await synthesize(`npx tsx ${empty}`, [])]];
  for (const [name, context] of Object.entries(profileContexts)) {
    const options = Object.entries({ environmentSuffix: 'bench1', ...context }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ]);
    rows.push([name, await synthesize(app, options)]);
  }
  console.log('                 seconds   processor seconds   peak MiB');
  for (const [name, { seconds, processorSeconds, peakMebibytes }] of rows) {
    console.log(
      `${name.padEnd(16)} ${seconds.toFixed(1).padStart(7)}   ${processorSeconds.toFixed(1).padStart(17)}   ${String(peakMebibytes).padStart(8)}`,
    );
  }
}

void main().finally(() => {
  rmSync(directory, { recursive: true, force: true });
});
