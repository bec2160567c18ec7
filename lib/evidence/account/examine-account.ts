import type { DutyCheck, DutyState } from './duty-check';
import { examineDetectors } from './examine-detectors';
import { examineRecorders } from './examine-recorders';
import { examineSecurityHub } from './examine-security-hub';
import { examineTrails } from './examine-trails';

/** By service, as in the list of duties. */
const examiners: Readonly<Record<string, (region: string) => Promise<DutyState>>> = {
  CloudTrail: examineTrails,
  GuardDuty: examineDetectors,
  'AWS Config': examineRecorders,
  'Security Hub': examineSecurityHub,
};

/**
 * Asks the account of the credentials about its own controls, in each region. Only reads.
 *
 * @throws Error without credentials
 */
export async function examineAccount(regions: readonly string[]): Promise<DutyCheck[]> {
  const checks = [...new Set(regions)]
    .sort()
    .flatMap((region) => Object.entries(examiners).map(([service, examine]) => ({ service, region, examine })));
  return Promise.all(
    checks.map(async ({ service, region, examine }) => ({ service, region, ...(await stateOrError(examine, region)) })),
  );
}

/** A call that AWS refuses, or that does not reach it, makes a state unknown, never on or off. */
async function stateOrError(examine: (region: string) => Promise<DutyState>, region: string): Promise<DutyState> {
  try {
    return await examine(region);
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'CredentialsProviderError')
      throw new Error(
        `--account needs credentials of the account: ${message}. Set AWS_PROFILE, or omit --account to list the duties unexamined.`,
        { cause: error },
      );
    // Every error of a call has it.
    if (!('$metadata' in (error as Error))) throw error;
    return { state: 'unknown', detail: `${name}: ${message}` };
  }
}
