import { closeStore } from './stored-once';

/** What Jest does once, after its workers have ended. */
export default function tearDown(): void {
  closeStore();
}
