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
import { type NetworkResources, placeOfFunction } from '../../network/network-resources';
import type { IPaymentsDatabase } from '../data-resources';
import { restoreDrillAlarms } from './restore-drill-alarms';
import type { RestoreDrillTarget } from './restore-drill-contract';
import { RestoreDrillLifecycle } from './restore-drill-lifecycle';
import { restoreDrillPermissions } from './restore-drill-permissions';
import { RestoreDrillWorkflow } from './restore-drill-workflow';

/** What the restore drill is told. */
export interface RestoreDrillProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly database: IPaymentsDatabase;
  /** Encrypts the database and its backups. */
  readonly key: IKey;
  /** When it runs: an expression of EventBridge Scheduler. */
  readonly schedule: string;
}

/** A service acts for its callers in other accounts too. */
const ofThisAccount = { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };

/**
 * Proves each day that the backups can be restored: restores the newest snapshot into a cluster that is thrown away, and looks whether
 * that holds what the live database held.
 */
export class RestoreDrill extends Construct {
  readonly stateMachineArn: string;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    const { names, network, database, key, schedule } = props;
    const { restorable: source } = database;
    const { restoredDatabase: securityGroup } = network.securityGroups;
    if (!source) throw new Error('Only the snapshots of an Aurora cluster can be restored by a drill.');
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
        reason: 'Snapshots are named by the time they are taken, and default groups by the version of the engine.',
        compensatingControl: 'Only snapshots of this cluster can be restored, into one cluster of one name.',
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
    // Deleted first: nothing may start a run while the lifecycle ends the last one.
    daily.node.addDependency(lifecycle);
    this.stateMachineArn = stateMachine.stateMachineArn;
    addOutput(this, 'RestoreDrillScheduleName', daily.scheduleName);
    addOutput(this, 'RestoreDrillCluster', drillNames.restoredCluster);
    addOutput(this, 'RestoreDrillInstance', drillNames.restoredInstance);
    this.alarms = restoreDrillAlarms(stateMachine, names.suffix);
  }

  /** The function that looks into the copy: in the VPC, and without any right but to log in to databases. */
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
      network: placeOfFunction(network, 'restore-drill'),
    });
    const login = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: '*/payments_drill',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    verification.function.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: [login] }));
    acceptFindings(verification, [wildcardResource(this, login)], {
      reason: 'The id of the restored cluster comes into being with it.',
      compensatingControl: 'Its security group reaches this environment’s databases only, and the login only reads.',
    });
    return verification.function;
  }
}
