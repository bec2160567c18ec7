import type { TestPlatform } from '../support/test-platform';

/** One cell of the requirements: what it demands of the synthesized platform, and the proof. */
export interface RequirementRow {
  /** Capability and profile: `NET-1@flagship`; `ALL-2` holds for every profile. */
  readonly cell: string;
  readonly demand: string;
  /** Throws when the platform does not keep the demand. */
  readonly proof: (platform: TestPlatform) => void;
}
