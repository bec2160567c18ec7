import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/* Bundles each entry point into one file for the image and copies the SQL of the database. */

const directory = process.argv[2] ?? 'dist';
rmSync(directory, { recursive: true, force: true });
await build({
  entryPoints: ['server', 'migrate', 'worker', 'rotation', 'verify-ledger', 'health-check'].map(
    (name) => `src/${name}.ts`,
  ),
  outdir: directory,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: 'linked',
  outExtension: { '.js': '.js' },
  // Bundled CommonJS packages use `require`, `__dirname` and `__filename`.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      "import { dirname as __directoryOf } from 'node:path';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __fileURLToPath(import.meta.url);',
      'const __dirname = __directoryOf(__filename);',
    ].join('\n'),
  },
  external: ['pg-native'],
});
for (const folder of ['migrations', 'functions'])
  cpSync(`database/${folder}`, `${directory}/database/${folder}`, { recursive: true });
// Without the module type, Node.js detects it at each start and logs a warning.
writeFileSync(`${directory}/package.json`, '{"type":"module"}\n');
