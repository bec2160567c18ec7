import { Duration } from 'aws-cdk-lib';
import {
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  type HealthCheck,
  LogDriver,
  OperatingSystemFamily,
  type Secret as EcsSecret,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';
import { containerPort } from '../network/service-ports';
import { containerName, shutdownGraceSeconds } from './container-contract';

export interface ApiTaskProps {
  readonly names: ResourceNames;
  /** The purpose in kebab case, as part of the names of family and roles. */
  readonly purpose: string;
  readonly image: ContainerImage;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that ECS reads from Secrets Manager at task start. @default - none */
  readonly secrets?: Readonly<Record<string, EcsSecret>>;
  readonly logGroup: ILogGroup;
  /** @default - the command of the image */
  readonly command?: readonly string[];
  /** Whether `secretsmanager:PutSecretValue` is exempt from the explicit denials. @default false */
  readonly writesSecrets?: boolean;
  /** @default - none */
  readonly healthCheck?: HealthCheck;
}

export type ApiTaskDefinition = FargateTaskDefinition;

/** Actions that no task needs. The explicit denial also overrides later grants. */
const deniedToTasks = [
  'iam:*',
  'sts:AssumeRole',
  'ec2:*',
  'ecs:*',
  'rds:*',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'secretsmanager:DeleteSecret',
  's3:DeleteBucket',
  'logs:DeleteLogGroup',
];

/**
 * A Fargate task of the API image, with a non-root user, a read-only file system and its own two roles.
 *
 * The execution role pulls the image and writes the log lines. The task role has the permissions of the code.
 */
export class ApiTask extends Construct {
  readonly definition: ApiTaskDefinition;

  constructor(scope: Construct, id: string, props: ApiTaskProps) {
    super(scope, id);
    const {
      names,
      purpose,
      image,
      cpuUnits,
      memoryMiB,
      environment,
      logGroup,
      command,
      healthCheck,
      secrets,
      writesSecrets,
    } = props;
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    const taskRole = new PlatformRole(this, 'TaskRole', {
      names,
      purpose: `${purpose}-task`,
      description: `Task role of the ${purpose} task`,
      assumedBy,
    });
    taskRole.addToPolicy(
      new PolicyStatement({
        sid: 'NeverNeeded',
        effect: Effect.DENY,
        actions: [...deniedToTasks, ...(writesSecrets ? [] : ['secretsmanager:PutSecretValue'])],
        resources: ['*'],
      }),
    );
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      family: names.of('task', purpose),
      cpu: cpuUnits,
      memoryLimitMiB: memoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      taskRole,
      executionRole: new PlatformRole(this, 'ExecutionRole', {
        names,
        purpose: `${purpose}-execution`,
        description: `Execution role of the ${purpose} task: pulls its image and writes its logs`,
        assumedBy,
      }),
    });
    const container = this.definition.addContainer(containerName, {
      image,
      command: command ? [...command] : undefined,
      environment: { ...environment },
      secrets: secrets && { ...secrets },
      portMappings: [{ containerPort }],
      // Blocking mode, because a lost line may be an audit record.
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: purpose }),
      readonlyRootFilesystem: true,
      user: '65532:65532',
      stopTimeout: Duration.seconds(shutdownGraceSeconds + 5),
      healthCheck,
    });
    // Each connection is a file. The limit suffices for ten thousand users on a single task.
    container.addUlimits({ name: UlimitName.NOFILE, softLimit: 65_535, hardLimit: 65_535 });
    acceptFindings(this, ['AwsSolutions-ECS2'], {
      reason: 'The variables contain host names, user names and ARNs of secrets, but no secret values.',
      compensatingControl:
        'The task role obtains credentials at run time: IAM tokens for the API, one secret for migrations.',
    });
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason:
        'ecr:GetAuthorizationToken supports no resource-level permissions, and the explicit denials apply to all resources.',
      compensatingControl: 'The role may pull from one repository and write to one log group.',
    });
    acceptFindings(this, ['PCI.DSS.321-IAMPolicyNoStatementsWithFullAccess'], {
      reason: 'The wildcards are in a Deny statement.',
      compensatingControl: 'No Allow statement has a wildcard action.',
    });
  }
}
