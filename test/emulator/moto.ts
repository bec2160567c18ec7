import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pins moto: the emulator extends its internals, which change between releases. */
const requirements = join(__dirname, 'requirements.txt');

/** How to install moto. */
const installMoto = 'pip install -r test/emulator/requirements.txt';

/** Why the emulator cannot run with the moto and the AWS CLI of this machine, with the remedy; `undefined` when it can. */
export function motoProblem(): string | undefined {
  const pinned = /^moto\[server\]==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1];
  if (pinned === undefined) throw new Error(`${requirements} has no line 'moto[server]==VERSION'; restore it.`);
  const { status, stdout } = spawnSync('python3', ['-c', 'import moto, moto.server; print(moto.__version__)'], {
    encoding: 'utf8',
  });
  if (status !== 0) return `moto is not installed; run '${installMoto}'.`;
  const installed = stdout.trim();
  if (installed !== pinned) return `moto is ${installed}, not ${pinned}; run '${installMoto}'.`;
  return spawnSync('aws', ['--version']).status === 0
    ? undefined
    : `The AWS CLI is not installed; run '${installMoto}'.`;
}
