import type { GlobalConfig } from 'jest';

const variable = 'UPDATES_SNAPSHOTS';

/** Jest's `globalSetup`, the one documented place that receives the `-u` option. Workers inherit the environment. */
export default function recordUpdate({ updateSnapshot }: GlobalConfig): void {
  process.env[variable] = String(updateSnapshot === 'all');
}

/** Whether Jest runs with `-u`. */
export const updatesSnapshots = (): boolean => process.env[variable] === 'true';
