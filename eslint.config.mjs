import js from '@eslint/js';
import awscdk from 'eslint-plugin-awscdk';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const tiers = ['network', 'data', 'compute', 'edge', 'observability'];

/** Forbids imports whose path matches: what stands above, or beside. */
const withoutImports = ({ files, ignores = [], regex }) => ({
  files,
  ignores,
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
  { files: ['frontend/src/features/**/*'], regex: '^\\.\\./(?!\\.\\./)|^\\.\\./\\.\\./app/' },
].map((boundary) => withoutImports({ ...boundary, ignores: ['**/*.test.{ts,tsx}'] }));

/** In the API: its foundations know none of its features, idempotency knows none either, and only local mode knows local mode. */
const features = [
  'administration',
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
  'webhooks',
];
const appBoundaries = [
  { files: ['app/src/**/*.ts'], ignores: ['app/src/local/**'], regex: through(['local']) },
  { files: ['app/src/idempotency/*.ts'], regex: through([...features, 'local']) },
  {
    files: ['app/src/{acquirer,db,secrets,telemetry,tls}/*.ts'],
    regex: through([...features, 'idempotency', 'local']),
  },
].map(withoutImports);

/** A variant is chosen in one switch a union; everywhere else it is seen through its interface. */
const oneSwitchPerUnion = {
  files: ['lib/**/*.ts', 'bin/**/*.ts'],
  ignores: ['lib/config/**', 'lib/evidence/**', 'lib/**/create-*.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: "MemberExpression[property.name='kind']",
        message: 'Only create-*.ts may ask which variant it is.',
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['**/node_modules', '**/cdk.out', '**/dist', '**/coverage', '.cache', '.local', 'app/api-types.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['lib/**/*.ts', 'bin/**/*.ts'],
    extends: [awscdk.configs.strict],
    rules: {
      'awscdk/require-jsdoc': 'off',
      // Aliases of classes are resolved, although the rule itself recommends one where CDK accepts the class only.
      'awscdk/no-construct-in-public-property-of-construct': 'off',
    },
  },
  {
    // What a variant's bind() makes belongs to the scope that it is bound to.
    files: [
      'lib/**/create-*.ts',
      'lib/{core,constructs}/**/*.ts',
      'lib/ingress/*-ingress.ts',
      'lib/data/database/credentials/*-credentials.ts',
    ],
    rules: { 'awscdk/require-passing-this': 'off', 'awscdk/no-variable-construct-id': 'off' },
  },
  oneSwitchPerUnion,
  ...layerBoundaries,
  ...appBoundaries,
  {
    files: ['app/**/*.ts'],
    rules: {
      // Fastify tells hooks and plugins that are done by being async from those that call back.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['frontend/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  ...featureBoundaries,
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['jest.config.js'], languageOptions: { globals: globals.commonjs } },
);
