import { mkdirSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { checkClauses, type Result } from '../../conformance/check.ts';
import { clauses } from '../../conformance/clauses.ts';
import { startTarget } from '../../conformance/target.ts';
import { selfSignedCertificate } from '../../src/tls/self-signed.ts';
import { breaks, type Break } from '../support/stand-in/broken.ts';

const source = fileURLToPath(new URL('../support/stand-in/service.ts', import.meta.url));
const asRoot = process.getuid?.() === 0;

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'stand-in-'));
  // The user that runs the service must be able to read it.
  chmodSync(scratch, 0o755);
  const banner = { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` };
  await build({
    entryPoints: [source],
    outfile: join(scratch, 'service.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
  });
  writeFileSync(join(scratch, 'pair.json'), JSON.stringify(await selfSignedCertificate()));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let runs = 0;
/** Checks the stand-in with one fault or none. */
async function check(what: Break | 'nothing'): Promise<readonly Result[]> {
  const directory = join(scratch, `run-${(runs += 1)}`);
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  const program = [process.execPath, join(scratch, 'service.mjs')];
  const { host, port } = inject('postgres');
  const environment = {
    BROKEN: what,
    SAME_KEY_PAIR: join(scratch, 'pair.json'),
    ANOTHER_DATABASE_PORT: String(port),
    ENVIRONMENT_NAME: 'test',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: 'payments',
    DATABASE_USER: 'payments_api',
    DATABASE_AUTHENTICATION: 'password-file',
    SHUTDOWN_GRACE_SECONDS: what === 'never ends' ? '4' : '10',
  };
  const target = await startTarget({
    service: { words: program, environment },
    directory,
    // Only faults that never respond take the full timeout.
    startSeconds: what === 'ignores PORT' || what === 'works in any environment' ? 6 : 30,
    migrate: { words: [...program, 'migrate.js'], environment },
    healthCheck: [...program, 'health-check.js'],
  });
  try {
    return await checkClauses(target, () => undefined);
  } finally {
    await target.close();
  }
}

function clausesThat(outcome: Result['verdict']['outcome'], results: readonly Result[]): number[] {
  return results.filter(({ verdict }) => verdict.outcome === outcome).map(({ clause }) => clause);
}

test('the conforming stand-in passes every clause that can be checked', async () => {
  const results = await check('nothing');
  expect(results.filter(({ verdict }) => verdict.outcome === 'failed')).toEqual([]);
  // Credentials and architecture can be checked only in AWS and in the image.
  expect(clausesThat('not checkable', results)).toEqual([12, 27]);
});

test('a broken stand-in exists for every clause that can be checked', () => {
  const always = [12, 27];
  expect(Object.keys(breaks).map(Number)).toEqual(
    clauses.map(({ clause }) => clause).filter((clause) => !always.includes(clause)),
  );
});

const cases = Object.entries(breaks).flatMap(([clause, ways]) => ways.map((what) => [Number(clause), what] as const));
test.each(cases)('only clause %i fails for the broken stand-in: %s', async (clause, what) => {
  const results = await check(what);
  // Only root can run the service as another user.
  const expected = what === 'needs root' && !asRoot ? [1] : [clause];
  expect(clausesThat('failed', results)).toEqual(expected);
});
