import { isClusterMember, listAt, property, shown, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Claim, forEach } from './claim';

/** Runtimes of Lambda that AWS still patches in 2026. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const patchedRuntimes = /^(nodejs(22|24)\.x|python3\.1[1-4]|java(17|21|25)|dotnet(8|10)|ruby3\.[34]|provided\.al2023)$/;

/** Claims about the configuration of what runs. */
export const configurationClaims: readonly Claim[] = [
  {
    id: 'containers-hardened',
    requirements: ['2.2.4', '2.2.6', '11.5.2'],
    statement: 'Each container runs without root, without privileges and with a read-only file system.',
    subject: 'task definitions',
    operator: 'Watch running tasks with GuardDuty Runtime Monitoring.',
    examine: forEach(['AWS::ECS::TaskDefinition'], (task) => {
      const containers = listAt(task.properties, 'ContainerDefinitions');
      const user = (container: unknown) => textOf(valueAt(container, 'User') ?? 'root');
      const isHard = (container: unknown) =>
        valueAt(container, 'ReadonlyRootFilesystem') === true &&
        valueAt(container, 'Privileged') !== true &&
        !/^(root|0)(:|$)/.test(user(container));
      return {
        holds: containers.length > 0 && containers.every(isHard),
        detail: containers
          .map(
            (each) =>
              `${textOf(valueAt(each, 'Name'))}: user ${user(each)}, ReadonlyRootFilesystem: ${textOf(valueAt(each, 'ReadonlyRootFilesystem') ?? false)}`,
          )
          .join('; '),
      };
    }),
  },
  {
    id: 'images-immutable-and-scanned',
    requirements: ['6.3.1', '6.3.2', '11.3.1'],
    statement: 'Each image repository scans what it receives, and nobody can replace a tagged image.',
    subject: 'image repositories',
    operator: 'Read the findings of the scans and rebuild the image.',
    examine: forEach(['AWS::ECR::Repository'], (repository) => ({
      holds:
        property(repository, 'ImageScanningConfiguration.ScanOnPush') === true &&
        property(repository, 'ImageTagMutability') === 'IMMUTABLE',
      detail: `${shown(repository, 'ImageScanningConfiguration.ScanOnPush')}, ${shown(repository, 'ImageTagMutability')}`,
    })),
  },
  {
    id: 'runtimes-patched',
    requirements: ['6.3.3'],
    statement: 'Each function uses a runtime that AWS patches.',
    subject: 'functions',
    operator: 'Deploy again at least monthly, so that images and dependencies receive patches.',
    examine: forEach(['AWS::Lambda::Function'], (fn) => ({
      holds: property(fn, 'PackageType') === 'Image' || patchedRuntimes.test(textOf(property(fn, 'Runtime') ?? '')),
      detail: shown(fn, 'Runtime'),
    })),
  },
  {
    id: 'instances-need-session-tokens',
    requirements: ['2.2.6'],
    statement: 'Each EC2 instance answers requests for its credentials with session tokens only.',
    subject: 'EC2 instances',
    examine: forEach(['AWS::EC2::Instance'], (instance) => ({
      holds: property(instance, 'MetadataOptions.HttpTokens') === 'required',
      detail: shown(instance, 'MetadataOptions.HttpTokens'),
    })),
  },
  {
    id: 'no-vendor-defaults',
    requirements: ['2.2.2'],
    statement: 'The master user of each database has a name of its own and a password that no template holds.',
    subject: 'databases',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database) => {
      if (isClusterMember(database)) return undefined;
      const name = textOf(property(database, 'MasterUsername') ?? 'not set');
      const password = textOf(property(database, 'MasterUserPassword') ?? 'not set');
      const isManaged = property(database, 'ManageMasterUserPassword') === true;
      const isReference = password.startsWith('{{resolve:');
      return {
        holds: !['postgres', 'admin', 'root', 'master', 'not set'].includes(name) && (isManaged || isReference),
        detail: `MasterUsername: ${name}, password ${isManaged ? 'managed by RDS' : isReference ? 'read from Secrets Manager' : 'in the template'}`,
      };
    }),
  },
  {
    id: 'deployments-roll-back',
    requirements: ['6.5.1', '6.5.2'],
    statement: 'A deployment that fails or alarms rolls back by itself.',
    subject: 'deployment groups',
    operator: 'Approve changes, and keep the record.',
    examine: forEach(['AWS::CodeDeploy::DeploymentGroup'], (group) => {
      const events = listAt(group.properties, 'AutoRollbackConfiguration.Events').map((event) => textOf(event));
      const isEnabled = property(group, 'AutoRollbackConfiguration.Enabled') === true;
      const needed = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'];
      return {
        holds: isEnabled && needed.every((event) => events.includes(event)),
        detail: `${shown(group, 'AutoRollbackConfiguration.Enabled')}, ${events.join(', ')}`,
      };
    }),
  },
];
