import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';
import { compact } from './compact';
import { metered } from './metered';
import { partner } from './partner';
import type { RequirementRow } from './requirement-row';
import { storefront } from './storefront';

/** The cells that each specification fills, and those in which the profile takes the strongest value of the row. */
const cells: Readonly<Record<string, readonly string[]>> = {
  storefront: [
    ...['LOC-1', 'LOC-2', 'LOC-3', 'NET-1', 'NET-2', 'NET-3', 'NET-5', 'NET-6', 'NET-7'],
    ...['DB-1', 'DB-2', 'DB-3', 'DB-4', 'DB-5', 'DB-7', 'APP-1', 'APP-2', 'APP-3', 'APP-4', 'APP-6'],
    ...['EDGE-1', 'EDGE-2', 'EDGE-4', 'EDGE-5', 'OBS-1', 'OBS-3'],
  ],
  metered: [
    ...['LOC-1', 'LOC-2', 'LOC-4', 'NET-1', 'NET-2', 'NET-3', 'NET-5', 'NET-6'],
    ...['DB-1', 'DB-2', 'DB-3', 'DB-4', 'DB-5', 'DB-6', 'DB-7', 'APP-1', 'APP-3', 'APP-5', 'APP-6'],
    ...['EDGE-1', 'EDGE-2', 'EDGE-3', 'BAK-1', 'OBS-1', 'OBS-2', 'OBS-4', 'OBS-5', 'OBS-6'],
  ],
  partner: [
    ...['LOC-1', 'LOC-2', 'NET-1', 'NET-2', 'NET-3', 'NET-4', 'NET-6', 'NET-7'],
    ...['DB-1', 'DB-2', 'DB-3', 'DB-4', 'DB-5', 'DB-7', 'APP-1', 'APP-3', 'APP-6'],
    ...['EDGE-1', 'EDGE-2', 'EDGE-3', 'ASYNC-1', 'DOC-1', 'OBS-1', 'OBS-5', 'OBS-6'],
  ],
  compact: [
    ...['LOC-1', 'LOC-2', 'LOC-3', 'LOC-4', 'NET-1', 'NET-2', 'NET-3', 'NET-5', 'NET-6', 'NET-7'],
    ...['DB-1', 'DB-2', 'DB-3', 'DB-4', 'DB-5', 'DB-7', 'APP-1', 'APP-2', 'APP-3', 'APP-6'],
    ...['EDGE-1', 'EDGE-2', 'EDGE-5', 'OBS-1'],
  ],
};

describe.each<[string, readonly RequirementRow[]]>([
  ['metered', metered],
  ['partner', partner],
  ['storefront', storefront],
  ['compact', compact],
])('%s', (profile, rows) => {
  const platform = testPlatform(profileContexts[profile]);

  test.each(rows.map((row) => [row.cell, row.demand, row] as const))('%s: %s', (_cell, _demand, { proof }) => {
    proof(platform);
  });

  test('has exactly one row for every cell', () => {
    expect(rows.map(({ cell }) => cell).sort()).toEqual(
      (cells[profile] ?? []).map((cell) => `${cell}@${profile}`).sort(),
    );
  });
});
