import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesPage } from '../../lib/changes/changes-page';
import { fieldChangeTable, isNotChangeable } from '../../lib/changes/field-changes';

test('CHANGES.md is up to date; `npm run changes` updates it', () => {
  const page = readFileSync(join(__dirname, '../../lib/changes/CHANGES.md'), 'utf8');
  expect(page).toBe(changesPage(fieldChangeTable));
});

test.each<[string, string, unknown, unknown, boolean]>([
  ['network.cidr', 'flagship', '10.0.0.0/16', '10.1.0.0/16', true],
  ['domainName', 'compact', 'pay.example.com', 'shop.example.com', true],
  ['domainName', 'storefront', 'pay.example.com', 'shop.example.com', false],
  ['documents.archiveAfterDays', 'partner', 90, undefined, true],
  ['documents.archiveAfterDays', 'partner', 90, 120, false],
  ['service.cpuUnits', 'flagship', 512, 1024, false],
  ['network.cidr', 'unknown', '10.0.0.0/16', '10.1.0.0/16', false],
])('%s of %s, from %j to %j: %s', (field, profile, before, after, expected) => {
  expect(isNotChangeable(profile, { field, before, after })).toBe(expected);
});
