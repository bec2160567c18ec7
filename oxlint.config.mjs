import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'oxlint';
import tseslint from 'typescript-eslint';

/*
 * The presets of ESLint, run by Oxlint with TypeScript's native compiler: seconds instead of minutes. What Oxlint lacks, the rules of CDK
 * and `no-restricted-syntax`, is in eslint.config.mjs.
 */

/** Rules of the presets that Oxlint does not have. */
const notInOxlint = new Set([
  '@typescript-eslint/no-unsafe-class-instance-assignment',
  '@typescript-eslint/no-unsafe-enum-assignment',
  'no-dupe-args',
  'no-octal',
  'react-hooks/config',
  'react-hooks/gating',
]);
/** Rules of JavaScript that typescript-eslint extends under the same name. Oxlint has one of each. */
const extended = new Set(['no-array-constructor', 'no-unused-expressions', 'no-unused-vars', 'no-useless-constructor']);

function nameInOxlint(name) {
  const [plugin, rule = plugin] = name.split('/');
  if (plugin === 'react-hooks') return `react/${rule}`;
  if (plugin === '@typescript-eslint') return extended.has(rule) ? rule : `typescript/${rule}`;
  return name;
}

const isOff = (setting) => [setting].flat()[0] === 'off';
const settingsOf = (configs) => configs.flatMap(({ rules }) => Object.entries(rules ?? {}));

/** What ESLint's configurations require, by the rules' names in Oxlint. */
const required = (...configs) =>
  Object.fromEntries(
    settingsOf(configs)
      .filter(([name, setting]) => !isOff(setting) && !notInOxlint.has(name))
      .map(([name, setting]) => [nameInOxlint(name), setting]),
  );

const strict = tseslint.configs.strictTypeChecked;
const everywhere = required(js.configs.recommended, ...strict.filter(({ files }) => files === undefined));

/** Of what is required everywhere, that which ESLint's configurations turn off again. */
const released = (...configs) =>
  Object.fromEntries(
    settingsOf(configs)
      .filter(([name, setting]) => isOff(setting) && !extended.has(name))
      .map(([name]) => [nameInOxlint(name), 'off'])
      .filter(([name]) => name in everywhere),
  );
const forTypeScript = strict.filter(({ files }) => files !== undefined);

const tiers = ['network', 'data', 'compute', 'edge', 'observability'];

/** Forbids imports whose path matches: what stands above, or beside. */
const withoutImports = ({ files, excludeFiles = [], regex }) => ({
  files,
  excludeFiles,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message: 'Imports lead downwards only.' }] }] },
});
/** A path of ours, not a library, that goes through one of these folders. */
const through = (folders) => `^\\.{1,2}/(.*/)?(${folders.join('|')})/`;

/** edge -> compute -> data -> network -> ingress -> constructs -> core: a folder may read what stands below it, never what stands above. */
const layers = ['core', 'constructs', 'ingress', ...tiers];
const layerBoundaries = layers
  .slice(0, -1)
  .map((layer, index) => withoutImports({ files: [`lib/${layer}/**/*.ts`], regex: through(layers.slice(index + 1)) }));

/** Pages of one feature know nothing of another's, and nothing below them knows the app that puts them together. */
const featureBoundaries = [
  { files: ['frontend/src/{components,lib,config}/**/*'], regex: '^\\.\\./(features|app)/' },
  { files: ['frontend/src/features/**/*'], regex: '^\\.\\./[^.]|^\\.\\./\\.\\./app/' },
].map((boundary) => withoutImports({ ...boundary, excludeFiles: ['**/*.test.{ts,tsx}'] }));

/** In the API: its foundations know none of its features, idempotency knows none either, and only local mode knows local mode. */
const features = [
  'administration',
  'canary',
  'documents',
  'http',
  'ledger',
  'merchants',
  'outbox',
  'payments',
  'queue',
  'reports',
  'restore-drill',
  'rotation',
  'sign-in',
  'webhooks',
];
const appBoundaries = [
  { files: ['app/src/**/*.ts'], excludeFiles: ['app/src/local/**'], regex: through(['local']) },
  { files: ['app/src/idempotency/*.ts'], regex: through([...features, 'local']) },
  {
    files: ['app/src/{acquirer,db,secrets,telemetry,tls}/*.ts'],
    regex: through([...features, 'idempotency', 'local']),
  },
].map(withoutImports);

export default defineConfig({
  ignorePatterns: ['**/cdk.out', '**/dist', '**/coverage', '.cache', '.local', 'app/api-types.d.ts'],
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  options: { typeAware: true, typeCheck: true },
  env: { builtin: true, node: true },
  rules: {
    ...everywhere,
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'typescript/no-extraneous-class': 'off',
  },
  overrides: [
    { files: ['**/*.{ts,tsx,mts}'], rules: { ...required(...forTypeScript), ...released(...forTypeScript) } },
    ...layerBoundaries,
    ...appBoundaries,
    // Fastify tells hooks and plugins that are done by being async from those that call back.
    { files: ['app/**/*.ts'], rules: { 'typescript/require-await': 'off' } },
    {
      files: ['frontend/**/*.{ts,tsx}'],
      plugins: ['react'],
      rules: required(reactHooks.configs.flat['recommended-latest']),
    },
    ...featureBoundaries,
    // A test that finds nothing may fail by a TypeError.
    { files: ['**/test/**'], rules: { 'no-unsafe-optional-chaining': 'off' } },
    { files: ['**/*.{js,mjs}'], rules: released(tseslint.configs.disableTypeChecked) },
  ],
});
