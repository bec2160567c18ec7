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

/** What a task of the API's image is told. */
export interface ApiTaskProps {
  readonly names: ResourceNames;
  /** What the task is for, in kebab case; part of its family's and roles' names. */
  readonly purpose: string;
  readonly image: ContainerImage;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that ECS reads from Secrets Manager when the task starts. @default - none */
  readonly secrets?: Readonly<Record<string, EcsSecret>>;
  readonly logGroup: ILogGroup;
  /** What runs instead of the image's own command. @default - the image's command */
  readonly command?: readonly string[];
  /** Whether it may be granted to write a secret. @default false */
  readonly writesSecrets?: boolean;
  /** @default - none */
  readonly healthCheck?: HealthCheck;
}

/** The finished definition, as a service of CDK wants it. */
export type ApiTaskDefinition = FargateTaskDefinition;

/** What no task ever needs, said explicitly: it holds whatever is granted elsewhere later. */
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
 * A Fargate task of the API's image: not root, read-only file system, no shell into it, its own two roles.
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
      // Blocking: a line that is lost may be an audit record.
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: purpose }),
      readonlyRootFilesystem: true,
      user: '65532:65532',
      stopTimeout: Duration.seconds(shutdownGraceSeconds + 5),
      healthCheck,
    });
    // A connection is a file; ten thousand users and the database need no more, even if one task had them all.
    container.addUlimits({ name: UlimitName.NOFILE, softLimit: 65_535, hardLimit: 65_535 });
    acceptFindings(this, ['AwsSolutions-ECS2'], {
      reason: 'The variables name hosts, users and secrets; none of them is secret itself.',
      compensatingControl:
        'Credentials are fetched at run time by the task role: IAM tokens for the API, one secret for migrations.',
    });
    acceptFindings(this, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'ecr:GetAuthorizationToken supports no resource, and the explicit denials are meant for every resource.',
      compensatingControl: 'Pulling is granted for one repository, writing for one log group.',
    });
    acceptFindings(this, ['PCI.DSS.321-IAMPolicyNoStatementsWithFullAccess'], {
      reason: 'The wildcards stand in a statement that denies.',
      compensatingControl: 'Nothing is granted by wildcard.',
    });
  }
}
