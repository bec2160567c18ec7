import { CustomResource, Stack } from 'aws-cdk-lib';
import { type ContainerImage, type ICluster, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import type { ServiceConfig } from '../../config/deployment-profile';
import type { ResourceNames } from '../../core/resource-names';
import type { DataResources, IPaymentsDatabase } from '../../data/data-resources';
import type { NetworkResources } from '../../network/network-resources';
import { ApiTask, type ApiTaskDefinition } from '../api-task';
import type { DeploymentSteps } from '../deployment/deployment-steps';
import { resourceTypes, type SchemaMigrationProperties } from '../deployment/deployment-steps-contract';
import { migrationEnvironment, type StoredKeys } from '../task-environment';

export interface SchemaMigrationProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly data: DataResources;
  readonly keys: StoredKeys;
  readonly cluster: ICluster;
  readonly image: ContainerImage;
  /** The size of the task, the same as that of the API tasks. */
  readonly size: Pick<ServiceConfig, 'cpuUnits' | 'memoryMiB'>;
}

/**
 * Migrates the schema before a task of the new image serves requests.
 *
 * A task of the same image, not a function: the security group of the database allows tasks. Only this task may read the administrator
 * secret. The login of the API cannot change the schema.
 */
export class SchemaMigration extends Construct {
  readonly logGroupName: string;
  /** What starts a run of the migrations. */
  readonly runProperties: SchemaMigrationProperties;
  readonly #task: ApiTask;
  readonly #cluster: ICluster;

  constructor(scope: Construct, id: string, props: SchemaMigrationProps) {
    super(scope, id);
    const { names, network, data, keys, cluster, image, size } = props;
    const {
      database,
      apiLogin: { connectionString },
    } = data;
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'migration') });
    this.logGroupName = logGroup.logGroupName;
    const task = new ApiTask(this, 'Task', {
      names,
      purpose: 'migration',
      image,
      cpuUnits: size.cpuUnits,
      memoryMiB: size.memoryMiB,
      command: ['migrate.js'],
      writesSecrets: connectionString !== undefined,
      environment: { ...migrationEnvironment(names.suffix, data, keys) },
      secrets: administratorFromSecret(database),
      logGroup,
    });
    const { definition } = task;
    database.grantAdminister(definition.taskRole);
    if (database.administratorLogin === undefined) database.grantAdminister(definition.obtainExecutionRole());
    for (const key of [keys.apiKey, keys.operatorKey, keys.canaryKey]) key?.grantRead(definition.taskRole);
    // The migration creates the logins, so it writes the first connection string.
    connectionString?.grantRead(definition.taskRole);
    if (connectionString) definition.taskRole.addToPrincipalPolicy(writing(connectionString));

    this.#task = task;
    this.#cluster = cluster;
    this.runProperties = {
      ClusterArn: cluster.clusterArn,
      TaskDefinitionArn: definition.taskDefinitionArn,
      SubnetIds: network.vpc.selectSubnets(network.appSubnets).subnetIds,
      SecurityGroupIds: [network.securityGroups.tasks.securityGroupId],
    };
  }

  /** Runs the migrations as a step of the stack's deployment. Returns the run itself, without the task that it starts. */
  runAsStep(steps: DeploymentSteps): IConstruct {
    const run = new CustomResource(this, 'Migration', {
      serviceToken: steps.serviceToken,
      resourceType: resourceTypes.schemaMigration,
      properties: { ...this.runProperties },
    });
    run.node.addDependency(
      ...this.grantRun(steps, steps.grantees),
      // Includes its roles and policies, because the task runs once and does not wait for permissions.
      this.#task,
    );
    return run;
  }

  /**
   * Lets `grantees`, which are inside `scope`, start the migration's task and look at it.
   *
   * @returns what must exist before they can
   */
  grantRun(scope: IConstruct, grantees: readonly IGrantable[]): IDependable[] {
    const { definition } = this.#task;
    const anyRevision = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task-definition',
      resourceName: `${definition.family}:*`,
    });
    acceptFindings(scope, [wildcardResource(scope, anyRevision)], {
      reason: 'A grant on one revision would change at every deployment and might propagate too late.',
      compensatingControl: 'The wildcard is limited to one task family in one cluster.',
    });
    return grantees.flatMap(({ grantPrincipal }) =>
      runStatements(definition, anyRevision, this.#cluster).flatMap(
        (statement) => grantPrincipal.addToPrincipalPolicy(statement).policyDependable ?? [],
      ),
    );
  }
}

/** CDK's grantWrite would also allow changing the key of the secret and moving its staging labels. */
function writing({ secretArn }: ISecret): PolicyStatement {
  return new PolicyStatement({ actions: ['secretsmanager:PutSecretValue'], resources: [secretArn] });
}

/** The administrator name as a secret variable, if only the secret contains it. */
function administratorFromSecret({
  administratorLogin,
  administratorSecret,
}: IPaymentsDatabase): Record<string, EcsSecret> {
  if (administratorLogin !== undefined) return {};
  return { DATABASE_USER: EcsSecret.fromSecretsManager(administratorSecret, 'username') };
}

/** Permissions of the deployment steps to run this task in this cluster. */
function runStatements(task: ApiTaskDefinition, anyRevision: string, { clusterArn }: ICluster): PolicyStatement[] {
  const inThisCluster = { ArnEquals: { 'ecs:cluster': clusterArn } };
  const roles = [task.taskRole, task.obtainExecutionRole()].map(({ roleArn }) => roleArn);
  return [
    new PolicyStatement({ actions: ['ecs:RunTask'], resources: [anyRevision], conditions: inThisCluster }),
    // The id of the task is unknown before it runs.
    new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: ['*'], conditions: inThisCluster }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: roles,
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
}
