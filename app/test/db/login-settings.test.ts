import { expect, test } from 'vitest';
import { readLoginSettings } from '../../src/db/login-settings.ts';

test('has safe defaults, and reports every missing variable', () => {
  const variables = { ENVIRONMENT_NAME: 'a', DATABASE_HOST: 'db.example', DATABASE_NAME: 'payments' };
  const { database } = readLoginSettings(variables, 'payments_drill');
  expect(database).toMatchObject({ user: 'payments_drill', authentication: 'iam', tls: 'verify-full', port: 5432 });
  const wrong = { DATABASE_TLS: 'disable', DATABASE_HOST: 'db.example' };
  expect(() => readLoginSettings(wrong, 'payments_drill')).toThrow('3 problem(s)');
});
