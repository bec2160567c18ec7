import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetHashes } from '../../lib/evidence/supply-chain/asset-hashes';

let assembly: string;

beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'assembly-'));
  for (const folder of ['asset.function', 'asset.image/app']) mkdirSync(join(assembly, folder), { recursive: true });
  writeFileSync(join(assembly, 'Data.template.json'), '{}');
  writeFileSync(join(assembly, 'asset.function/index.mjs'), 'export {}');
  writeFileSync(join(assembly, 'asset.image/app/server.ts'), 'listen()');
  writeFileSync(join(assembly, 'tree.json'), 'not published');
  const manifest = {
    files: {
      template: { source: { path: 'Data.template.json', packaging: 'file' } },
      function: { source: { path: 'asset.function', packaging: 'zip' } },
      // Its content is not in the assembly.
      fromCommand: { source: { executable: ['make'] } },
    },
    dockerImages: { image: { source: { directory: 'asset.image', dockerFile: 'app/Dockerfile' } } },
  };
  writeFileSync(join(assembly, 'Data.assets.json'), JSON.stringify(manifest));
  writeFileSync(join(assembly, 'Other.assets.json'), JSON.stringify({ version: '48.0.0' }));
});
afterEach(() => {
  rmSync(assembly, { recursive: true });
});

/** What `sha256sum --check` says, as the release's instructions have it. */
function check(hashes: string) {
  const { status, stdout } = spawnSync('sha256sum', ['--check', '--strict', '--quiet'], {
    cwd: assembly,
    input: hashes,
    encoding: 'utf8',
  });
  return { status, stdout };
}

test('lists every published file, in the order of their paths', () => {
  const paths = assetHashes(assembly).matchAll(/^[0-9a-f]{64} {2}(.*)$/gm);
  expect([...paths].map(([, path]) => path)).toEqual([
    'Data.template.json',
    'asset.function/index.mjs',
    'asset.image/app/server.ts',
  ]);
});

test('is verified by sha256sum until a file changes', () => {
  const hashes = assetHashes(assembly);
  expect(check(hashes)).toEqual({ status: 0, stdout: '' });
  appendFileSync(join(assembly, 'asset.image/app/server.ts'), '//');
  expect(check(hashes)).toEqual({ status: 1, stdout: 'asset.image/app/server.ts: FAILED\n' });
});

test('names an asset whose files are missing', () => {
  rmSync(join(assembly, 'asset.function'), { recursive: true });
  expect(() => assetHashes(assembly)).toThrow('asset.function');
});
