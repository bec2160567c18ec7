import type { GlobalConfig } from 'jest';

const variable = 'UPDATES_SNAPSHOTS';

/** Records whether Jest runs with `-u`. `globalSetup` is the one documented place that receives the option; workers inherit the environment. */
export function recordUpdate({ updateSnapshot }: GlobalConfig): void {
  process.env[variable] = String(updateSnapshot === 'all');
}

/** Whether Jest runs with `-u`. */
export const updatesSnapshots = (): boolean => process.env[variable] === 'true';
