import awscdk from 'eslint-plugin-awscdk';
import tseslint from 'typescript-eslint';

/* The rules that Oxlint cannot run, because they ask for types: those of CDK. All others are in oxlint.config.mjs. */

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
  { ignores: ['**/*.{js,mjs}'] },
  {
    files: ['lib/**/*.ts', 'bin/**/*.ts'],
    extends: [tseslint.configs.base, awscdk.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
);
