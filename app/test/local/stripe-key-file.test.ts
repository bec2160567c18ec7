import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stripeKeyFile } from '../../src/local/stripe-key-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'stripe-key-'));
const path = join(directory, 'key');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

test.each(['sk_test_abc123\n', 'rk_test_abc123', 'sk_test_abc123\nwhsec_abc123\n'])(
  'accepts the test key %j',
  (key) => {
    writeFileSync(path, key);
    expect(stripeKeyFile(path)).toBe(path);
  },
);

test.each(['sk_live_abc123', '', 'pk_test_abc123'])('refuses %j without quoting it', (key) => {
  writeFileSync(path, key);
  expect(() => stripeKeyFile(path)).toThrow("holds no key of Stripe's test mode");
  expect(() => stripeKeyFile(path)).not.toThrow(/live/);
});

test('names a missing file', () => {
  expect(() => stripeKeyFile(join(directory, 'missing'))).toThrow(/missing cannot be read \(ENOENT\)/);
});
