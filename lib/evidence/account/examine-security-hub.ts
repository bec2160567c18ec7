import { InvalidAccessException, paginateGetEnabledStandards, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type DutyState, stateOf } from './duty-check';

/** Whether Security Hub checks a region against PCI DSS. */
export async function examineSecurityHub(region: string): Promise<DutyState> {
  const standards: { readonly StandardsArn?: string; readonly StandardsStatus?: string }[] = [];
  try {
    for await (const page of paginateGetEnabledStandards({ client: new SecurityHubClient({ region }) }, {}))
      standards.push(...(page.StandardsSubscriptions ?? []));
  } catch (error) {
    if (error instanceof InvalidAccessException) return { state: 'off', detail: 'Security Hub is not enabled' };
    throw error;
  }
  const isReady = ({ StandardsArn = '', StandardsStatus }: (typeof standards)[number]) =>
    StandardsArn.includes('/pci-dss/') && StandardsStatus === 'READY';
  return stateOf(`${standards.length} standards`, { 'PCI DSS standard': standards.some(isReady) });
}
