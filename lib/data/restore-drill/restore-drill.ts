import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { LoginEnvironment } from '../../../app/src/db/login-settings.ts' with {
  'resolution-mode': 'import',
};
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { HandlerFunction } from '../../constructs/handler-function';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import { type NetworkResources, vpcConfigOf } from '../../network/network-resources';
import type { IPaymentsDatabase } from '../data-resources';
import { restoreDrillAlarms } from './restore-drill-alarms';
import type { RestoreDrillTarget } from './restore-drill-contract';
import { RestoreDrillLifecycle } from './restore-drill-lifecycle';
import { restoreDrillPermissions } from './restore-drill-permissions';
import { RestoreDrillWorkflow } from './restore-drill-workflow';

export interface RestoreDrillProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly database: IPaymentsDatabase;
  /** The KMS key of the database and its backups. */
  readonly key: IKey;
  /** A schedule expression of EventBridge Scheduler. */
  readonly schedule: string;
}

/** Prevents the confused deputy problem: services may act for other accounts. */
const ofThisAccount = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };

/**
 * Verifies daily that backups can be restored: restores the newest snapshot to a temporary cluster and compares its content with the live
 * database.
 */
export class RestoreDrill extends Construct {
  readonly stateMachineArn: string;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    const { names, network, database, key, schedule } = props;
    const { restorable: source } = database;
    const { restoredDatabase: securityGroup } = network.securityGroups;
    if (!source) throw new Error('The restore drill supports only Aurora clusters.');
    if (!securityGroup) throw new Error('The network has no security group for a restored database.');
    const drillNames = {
      source,
      restoredCluster: names.of('database', 'restore-drill'),
      restoredInstance: names.of('database', 'restore-drill-writer'),
      stateMachine: names.of('state-machine', 'restore-drill'),
    };
    const permissions = restoreDrillPermissions(this, drillNames, key);
    const target: RestoreDrillTarget = {
      ENVIRONMENT_NAME: names.suffix,
      SOURCE_CLUSTER: source.clusterIdentifier,
      RESTORED_CLUSTER: drillNames.restoredCluster,
      RESTORED_INSTANCE: drillNames.restoredInstance,
      SECURITY_GROUP_ID: securityGroup.securityGroupId,
      KEY_ARN: key.keyArn,
    };
    const steps = new HandlerFunction(this, 'Steps', {
      names,
      purpose: 'restore-drill-steps',
      description: 'Restores a snapshot of the payments database, and deletes the copy',
      source: 'data/restore-drill/restore-drill-steps.lambda.ts',
      environment: { ...target },
    });
    for (const statement of permissions.steps) steps.function.addToRolePolicy(statement);
    acceptFindings(
      steps,
      permissions.patternsOfSteps.map((pattern) => wildcardResource(this, pattern)),
      {
        reason: 'Snapshot names contain their time, and names of default groups the engine version.',
        compensatingControl: 'Only snapshots of this cluster can be restored, to one cluster name.',
      },
    );
    const { stateMachine } = new RestoreDrillWorkflow(this, 'Workflow', {
      names,
      stateMachineName: drillNames.stateMachine,
      steps: steps.function,
      verification: this.#verification(props),
    });
    const lifecycle = new RestoreDrillLifecycle(this, 'Lifecycle', {
      names,
      target,
      permissions,
      holds: source,
      stateMachine,
    });
    const daily = new Schedule(this, 'Schedule', {
      scheduleName: names.of('schedule', 'restore-drill'),
      description: 'Restores the newest snapshot of the payments database and checks it',
      schedule: ScheduleExpression.expression(schedule),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        maxEventAge: Duration.hours(1),
        retryAttempts: 10,
        role: new PlatformRole(this, 'ScheduleRole', {
          names,
          purpose: 'restore-drill-schedule',
          description: 'Starts the restore drill',
          assumedBy: new ServicePrincipal('scheduler.amazonaws.com', ofThisAccount),
        }),
      }),
    });
    // The schedule is deleted first, so that no run starts while the lifecycle ends the last one.
    daily.node.addDependency(lifecycle);
    this.stateMachineArn = stateMachine.stateMachineArn;
    addOutput(this, 'RestoreDrillScheduleName', daily.scheduleName);
    addOutput(this, 'RestoreDrillCluster', drillNames.restoredCluster);
    addOutput(this, 'RestoreDrillInstance', drillNames.restoredInstance);
    this.alarms = restoreDrillAlarms(stateMachine, names.suffix);
  }

  /** The function that checks the copy. It runs in the VPC and may only connect to databases. */
  #verification({ names, network, database }: RestoreDrillProps) {
    const environment: LoginEnvironment = {
      ENVIRONMENT_NAME: names.suffix,
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.databaseName,
    };
    const verification = new HandlerFunction(this, 'Verification', {
      names,
      purpose: 'restore-drill',
      description: 'Checks a restored copy of the payments database against the live one',
      source: 'app/restore-drill',
      timeout: Duration.minutes(15),
      environment,
      network: vpcConfigOf(network, 'restore-drill'),
    });
    const login = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: '*/payments_drill',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    verification.function.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: [login] }));
    acceptFindings(verification, [wildcardResource(this, login)], {
      reason: 'The resource id of the restored cluster is unknown at deployment.',
      compensatingControl:
        'Its security group reaches only the databases of this environment, and the login is read-only.',
    });
    return verification.function;
  }
}
