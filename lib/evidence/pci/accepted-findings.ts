import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit } from '../sort';

/** An accepted finding of cdk-nag with the requirements that it touches. */
export interface TouchingFinding {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
  readonly compensatingControl: string;
  readonly requirements: readonly string[];
}

interface Entry {
  readonly type: string;
  readonly data: { readonly rule: string; readonly reason: string; readonly compensatingControl: string };
}

/** The metadata under which the platform records an accepted finding. */
const metadataType = 'payment-platform:accepted-finding';

/** The requirements that a rule of cdk-nag supports, by its name without pack and resource. */
const requirementsByRule: Readonly<Record<string, readonly string[]>> = {
  ALBHttpToHttpsRedirection: ['4.2.1'],
  ALBWAFEnabled: ['6.4.2'],
  APIG2: ['6.4.1'],
  APIG4: ['8.3.1'],
  APIGWCacheEnabledAndEncrypted: ['3.5.1'],
  APIGWSSLEnabled: ['4.2.1'],
  CFR1: ['1.3.1'],
  CFR3: ['10.2.1'],
  CFR4: ['4.2.1'],
  CFR5: ['4.2.1'],
  COG4: ['8.3.1'],
  EC23: ['1.3.1'],
  EC29: [],
  EC2InstanceNoPublicIp: ['1.3.1', '1.4.2'],
  EC2InstancesInVPC: ['1.4.1'],
  ECR1: ['7.2.1'],
  ECS2: ['8.6.2'],
  ELBv2ACMCertificateRequired: ['4.2.1'],
  IAM4: ['7.2.2', '7.2.5'],
  IAM5: ['7.2.2', '7.2.5'],
  IAMNoInlinePolicy: ['7.2.1', '7.2.5'],
  IAMPolicyNoStatementsWithAdminAccess: ['7.2.2'],
  IAMPolicyNoStatementsWithFullAccess: ['7.2.2'],
  L1: ['6.3.3'],
  LambdaInsideVPC: ['1.3.2', '1.4.1'],
  RDS10: [],
  RDS11: ['2.2.2'],
  RDSAutomaticMinorVersionUpgradeEnabled: ['6.3.3'],
  S1: ['10.2.1'],
  S3BucketLoggingEnabled: ['10.2.1'],
  S3BucketReplicationEnabled: ['10.3.3'],
  S3BucketVersioningEnabled: ['10.3.2'],
  S3DefaultEncryptionKMS: ['3.5.1'],
  SF1: ['10.2.1'],
  SF2: [],
  SMG4: ['8.3.9', '8.6.3'],
  VPCNoUnrestrictedRouteToIGW: ['1.3.1', '1.4.2'],
};

/** The requirements that an accepted finding touches; `undefined` for a rule that nobody has assigned. */
export function requirementsOf(rule: string): readonly string[] | undefined {
  const name = rule.replace(/^(AwsSolutions|PCI\.DSS\.321)-/, '').replace(/\[.*$/s, '');
  return requirementsByRule[name];
}

/** The accepted findings that an assembly records, sorted by construct and rule. */
export function acceptedFindingsIn(folder: string): TouchingFinding[] {
  const { artifacts = {} } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    artifacts?: Record<string, { readonly additionalMetadataFile?: string }>;
  };
  const files = Object.values(artifacts).flatMap(({ additionalMetadataFile }) => additionalMetadataFile ?? []);
  return files
    .filter((file) => existsSync(join(folder, file)))
    .flatMap((file) => findingsIn(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Entry[]>))
    .sort(byCodeUnit(({ path, rule }) => `${path} ${rule}`));
}

function findingsIn(metadata: Readonly<Record<string, readonly Entry[]>>): TouchingFinding[] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === metadataType)
      .map(({ data: { rule, reason, compensatingControl } }) => ({
        path: path.replace(/^\//, ''),
        rule,
        reason,
        compensatingControl,
        requirements: requirementsOf(rule) ?? [],
      })),
  );
}
