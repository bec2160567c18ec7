import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BillOfMaterials,
  licenceProblems,
  reproducibleBill,
} from '../../lib/evidence/supply-chain/bill-of-materials';

const bill = (components: BillOfMaterials['components']): BillOfMaterials => ({
  serialNumber: 'urn:uuid:1',
  metadata: { component: { name: 'folder' }, timestamp: '2026-11-28T00:00:00Z' },
  components,
  dependencies: [{ ref: 'b@1' }, { ref: 'a@1' }],
});

const licensed = (ref: string, id: string) => ({ 'bom-ref': ref, licenses: [{ license: { id } }] });

test('a bill has no clock, no random number, no name of a folder, and an order', () => {
  const given = bill([licensed('b@1', 'MIT'), licensed('a@1', 'ISC')]);
  expect(reproducibleBill('console', given)).toEqual({
    metadata: { component: { name: 'console' } },
    components: [licensed('a@1', 'ISC'), licensed('b@1', 'MIT')],
    dependencies: [{ ref: 'a@1' }, { ref: 'b@1' }],
  });
});

test.each([
  ['an allowed licence', [{ license: { id: 'MIT' } }], true],
  ['one allowed alternative', [{ expression: '(MIT OR GPL-3.0-or-later)' }], true],
  ['a conjunction of allowed ones', [{ expression: 'MIT AND ISC' }], true],
  ['a conjunction with another', [{ expression: 'MIT AND GPL-3.0-only' }], false],
  ['another licence', [{ license: { id: 'AGPL-3.0-only' } }], false],
  ['a name that is no identifier', [{ license: { name: 'Commercial' } }], false],
  ['nothing', undefined, false],
])('the policy decides about %s', (_, licenses, isAllowed) => {
  const component = { 'bom-ref': 'some@1', ...(licenses && { licenses }) };
  expect(licenceProblems(bill([component])).length).toBe(isAllowed ? 0 : 1);
});

test('names package, licence and remedy', () => {
  expect(licenceProblems(bill([licensed('some@1', 'SSPL-1.0')]))).toEqual([
    'some@1 has the licence SSPL-1.0, which the policy does not allow. Replace the package.',
  ]);
});

test('each package that is delivered has an allowed licence', () => {
  const lockfile = readFileSync(join(__dirname, '../../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lockfile) as {
    packages: Record<string, { dev?: boolean; link?: boolean; license?: string; version?: string }>;
  };
  const delivered = Object.entries(packages).filter(
    ([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link,
  );
  expect(delivered.length).toBeGreaterThan(100);
  const components = delivered.map(([path, { license = '' }]) => ({
    'bom-ref': path,
    licenses: [{ expression: license }],
  }));
  expect(licenceProblems(bill(components))).toEqual([]);
});
