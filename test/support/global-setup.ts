import type { GlobalConfig } from 'jest';
import { recordUpdate } from './snapshot-update';
import { openStore } from './stored-once';

/** What Jest does once, before its workers start. */
export default function setUp(config: GlobalConfig): void {
  recordUpdate(config);
  openStore();
}
