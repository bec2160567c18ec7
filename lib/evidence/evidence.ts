import type { DutyCheck } from './account/duty-check';
import { settingsMetadata } from '../config/recorded-settings';
import { type Access, accessOf } from './access/access';
import type { Assembly } from './assembly';
import type { TouchingFinding } from './pci/accepted-findings';
import { type CostEstimate, costOf } from './cost/cost';
import { type Connection, connectionsOf } from './connections';
import { type AccountDutyResult, accountDutiesOf } from './pci/account-duties';
import {
  type ClaimResult,
  examineClaims,
  examineRequirements,
  type RequirementResult,
} from './pci/examine-requirements';
import type { Graph } from './picture/graph';
import { architectureOf } from './picture/picture';
import { valueAt } from './property-access';
import { type Reachability, reachabilityOf } from './reachability/reachability';
import { type Remainder, remaindersOf } from './removal';
import { type ServiceAccess, serviceAccessOf } from './service-access';
import { unknownTypes } from './resource-types';
import { type Store, storesOf } from './stores';

/** What is not in the templates. */
export interface EvidenceInputs {
  readonly acceptedFindings: readonly TouchingFinding[];
  /** Payments a second for which the cost is estimated. */
  readonly rate: number;
  /** Answers of the account about its own controls. @default - it was not asked */
  readonly accountChecks?: readonly DutyCheck[];
}

/** Everything that the templates of one assembly show. */
export interface Evidence {
  readonly schemaVersion: 1;
  /** The profile that the assembly records; `null` for another project's assembly. */
  readonly profile: string | null;
  readonly stacks: readonly { readonly id: string; readonly name: string; readonly region: string }[];
  readonly resourceCount: number;
  /** Types that nothing examines. The report is incomplete unless this is empty. */
  readonly unknownTypes: readonly string[];
  readonly requirements: readonly RequirementResult[];
  readonly claims: readonly ClaimResult[];
  readonly acceptedFindings: readonly TouchingFinding[];
  readonly accountDuties: readonly AccountDutyResult[];
  readonly stores: readonly Store[];
  readonly connections: readonly Connection[];
  readonly network: Reachability;
  readonly access: Access;
  readonly serviceAccess: readonly ServiceAccess[];
  readonly remainders: readonly Remainder[];
  readonly cost: CostEstimate;
  readonly architecture: Graph;
}

/** Examines an assembly. The same templates give the same evidence. */
export function evidenceOf(
  assembly: Assembly,
  { acceptedFindings, rate, accountChecks = [] }: EvidenceInputs,
): Evidence {
  const profile = profileOf(assembly);
  const claims = examineClaims(assembly, profile);
  const [network, access] = [reachabilityOf(assembly), accessOf(assembly)];
  return {
    schemaVersion: 1,
    profile: profile ?? null,
    stacks: assembly.stacks.map(({ id, name, region }) => ({ id, name, region })),
    resourceCount: assembly.resources.length,
    unknownTypes: unknownTypes(assembly.types),
    requirements: examineRequirements(claims),
    claims,
    acceptedFindings,
    accountDuties: accountDutiesOf(assembly, accountChecks),
    stores: storesOf(assembly),
    connections: connectionsOf(assembly),
    network,
    access,
    serviceAccess: serviceAccessOf(assembly, network, access),
    remainders: remaindersOf(assembly),
    cost: costOf(assembly, { rate }),
    architecture: architectureOf(assembly),
  };
}

/** The profile that the dashboard of a deployment records. */
function profileOf(assembly: Assembly): string | undefined {
  const profiles = assembly.resources.map(({ metadata }) => valueAt(metadata[settingsMetadata], 'profile'));
  return profiles.find((profile) => typeof profile === 'string');
}
