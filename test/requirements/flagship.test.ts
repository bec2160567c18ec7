import { testPlatform } from '../support/test-platform';
import { edge } from './flagship-edge';
import { foundation } from './flagship-foundation';
import { service } from './flagship-service';

const rows = [...foundation, ...service, ...edge];
const platform = testPlatform();

test.each(rows.map((row) => [row.cell, row.demand, row] as const))('%s: %s', (_cell, _demand, { proof }) => {
  proof(platform);
});

test('has exactly one row for every cell of the specification', () => {
  const cells = [
    ...['LOC-1', 'LOC-2'],
    ...['NET-1', 'NET-2', 'NET-3', 'NET-5', 'NET-6', 'NET-7'],
    ...['DB-1', 'DB-2', 'DB-3', 'DB-4', 'DB-5', 'DB-6', 'DB-7'],
    ...['APP-1', 'APP-2', 'APP-3', 'APP-4', 'APP-5', 'APP-6'],
    ...['EDGE-1', 'EDGE-2', 'EDGE-4', 'OBS-1', 'OBS-5', 'OBS-6'],
  ].map((capability) => `${capability}@flagship`);
  expect(rows.map(({ cell }) => cell).sort()).toEqual(cells.sort());
});
