import type { Assembly, AssemblyResource } from './assembly';
import { property } from './property-access';
import { textOf } from './values';

/** What `cdk destroy` leaves, or what prevents it. */
export interface Remainder {
  readonly resource: string;
  readonly type: string;
  /** `kept`: stays for good. `delayed`: AWS deletes it later. `blocked`: the deletion fails. `outside`: a thing that no template has. */
  readonly fate: 'kept' | 'delayed' | 'blocked' | 'outside';
  readonly explanation: string;
}

/** What remains of an assembly after its deletion, worst first. */
export function remaindersOf(assembly: Assembly): Remainder[] {
  const all = [...assembly.resources.flatMap((resource) => judge(resource, assembly)), ...validationRecords(assembly)];
  const order = ['blocked', 'kept', 'outside', 'delayed'];
  return all.sort((left, right) => order.indexOf(left.fate) - order.indexOf(right.fate));
}

function judge(resource: AssemblyResource, assembly: Assembly): Remainder[] {
  const { key, type, deletionPolicy } = resource;
  const remainder = (fate: Remainder['fate'], explanation: string): Remainder => ({
    resource: key,
    type,
    fate,
    explanation,
  });
  if (deletionPolicy.startsWith('Retain')) return [remainder('kept', `DeletionPolicy: ${deletionPolicy}`)];
  if (deletionPolicy === 'Snapshot') return [remainder('kept', 'DeletionPolicy: Snapshot leaves a final snapshot')];
  const isProtected =
    property(resource, 'DeletionProtection') === true || property(resource, 'EnableTerminationProtection') === true;
  if (isProtected) return [remainder('blocked', 'Deletion protection is on. Deploy once with -c allowDestroy=true.')];
  switch (type) {
    case 'AWS::KMS::Key':
      return [
        remainder(
          'delayed',
          `KMS deletes the key after ${textOf(property(resource, 'PendingWindowInDays') ?? 30)} days; meanwhile nobody can use it`,
        ),
      ];
    case 'AWS::S3::Bucket': {
      const emptied = assembly.referrersOf(key, 'Custom::S3AutoDeleteObjects').length > 0;
      return emptied ? [] : [remainder('blocked', 'Nothing empties the bucket, and S3 deletes empty buckets only')];
    }
    case 'AWS::ECR::Repository':
      return property(resource, 'EmptyOnDelete') === true
        ? []
        : [remainder('blocked', 'Nothing empties the repository: EmptyOnDelete is not set')];
    case 'AWS::RDS::DBInstance':
      return property(resource, 'DeleteAutomatedBackups') === false
        ? [remainder('kept', 'DeleteAutomatedBackups: false keeps automated backups')]
        : [];
    default:
      return [];
  }
}

/** Certificates validated by DNS leave their records in a zone that the assembly does not create. */
function validationRecords(assembly: Assembly): Remainder[] {
  const ownZones = assembly.ofType('AWS::Route53::HostedZone', 'Custom::ValidationRecords');
  if (ownZones.length > 0) return [];
  return assembly
    .ofType('AWS::CertificateManager::Certificate')
    .filter((certificate) => property(certificate, 'ValidationMethod') === 'DNS')
    .map(({ key, type }) => ({
      resource: key,
      type,
      fate: 'outside',
      explanation: 'Validation records stay in a hosted zone that existed before; delete them manually',
    }));
}
