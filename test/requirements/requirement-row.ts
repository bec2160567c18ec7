import type { TestPlatform } from '../support/test-platform';

/** One cell of the requirements and its check on the synthesized platform. */
export interface RequirementRow {
  /** Capability and profile: `NET-1@flagship`; `ALL-2` holds for every profile. */
  readonly cell: string;
  readonly demand: string;
  /** @throws when the platform does not meet the requirement */
  readonly proof: (platform: TestPlatform) => void;
}
