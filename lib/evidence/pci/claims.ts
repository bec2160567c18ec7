import { accessClaims } from './access-claims';
import type { Claim } from './claim';
import { configurationClaims } from './configuration-claims';
import { encryptionClaims } from './encryption-claims';
import { entranceClaims } from './entrance-claims';
import { loggingClaims } from './logging-claims';
import { networkClaims } from './network-claims';
import { transitClaims } from './transit-claims';

/** Every claim. */
export const claims: readonly Claim[] = [
  ...networkClaims,
  ...configurationClaims,
  ...encryptionClaims,
  ...transitClaims,
  ...entranceClaims,
  ...accessClaims,
  ...loggingClaims,
];
