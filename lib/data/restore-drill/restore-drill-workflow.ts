import { Aws, Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DefinitionBody,
  Errors,
  Fail,
  JsonPath,
  StateMachine,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';
import { errors, type StepEvent } from './restore-drill-contract';

export interface RestoreDrillWorkflowProps {
  readonly names: ResourceNames;
  readonly stateMachineName: string;
  /** The function of the steps that call RDS. */
  readonly steps: IFunction;
  /** The function that checks the restored database. */
  readonly verification: IFunction;
}

/** Retries of a task: the number of attempts, one minute apart, and the errors without a retry. */
interface Patience {
  readonly tries: number;
  readonly hopeless: readonly string[];
}

const aMinute = Duration.minutes(1);
/** Timeout of a run, above the sum of all waits and timeouts. It would end a run without clean-up, so it must not be reached. */
const longestRun = Duration.hours(14);

/**
 * The state machine: restores a snapshot, waits, checks the copy and deletes it in any case.
 *
 * Each wait has a maximum number of attempts. Every error leads to the clean-up and then to the report.
 */
export class RestoreDrillWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RestoreDrillWorkflowProps) {
    super(scope, id);
    const { names, stateMachineName, steps, verification } = props;
    const task = (name: string, lambdaFunction: IFunction, payload: object, resultPath: string, patience: Patience) =>
      new LambdaInvoke(this, name, {
        lambdaFunction,
        payload: TaskInput.fromObject({ ...payload }),
        payloadResponseOnly: true,
        resultPath,
        taskTimeout: Timeout.duration(lambdaFunction === verification ? Duration.minutes(16) : Duration.seconds(90)),
      })
        .addRetry({ errors: [...patience.hopeless], maxAttempts: 0 })
        .addRetry({ errors: [Errors.ALL], interval: aMinute, backoffRate: 1, maxAttempts: patience.tries });
    const step = (name: string, stepName: StepEvent['step'], resultPath: string, tries: number, more: object = {}) =>
      task(name, steps, { step: stepName, ...run, ...more }, resultPath, {
        tries,
        hopeless: [errors.giveUp, errors.anotherRun],
      });

    const sweep = step('Sweep', 'sweep', JsonPath.DISCARD, 60);
    const restore = step('Restore', 'restore', '$.restore', 10);
    const awaitDatabase = step('AwaitDatabase', 'await-database', '$.database', 90);
    const verify = task(
      'Verify',
      verification,
      {
        host: JsonPath.stringAt('$.database.host'),
        port: JsonPath.numberAt('$.database.port'),
        snapshotTakenAt: JsonPath.stringAt('$.restore.snapshotTakenAt'),
      },
      '$.verification',
      { tries: 3, hopeless: [wrongCopy] },
    );
    const cleanUp = step('CleanUp', 'clean-up', JsonPath.DISCARD, 60);
    const report = step('Report', 'report', JsonPath.DISCARD, 3, { outcome: JsonPath.entirePayload });

    sweep.addCatch(new Succeed(this, 'GaveWayToAnotherRun'), { errors: [errors.anotherRun], resultPath: '$.failure' });
    for (const each of [sweep, restore, awaitDatabase, verify]) each.addCatch(cleanUp, { resultPath: '$.failure' });
    cleanUp.addCatch(report, { resultPath: '$.cleanUpFailure' });
    const definition = sweep
      .next(restore)
      .next(
        new Choice(this, 'IsThereSomethingToRestore')
          .when(Condition.stringEquals('$.restore.outcome', 'restoring'), awaitDatabase.next(verify).next(cleanUp))
          .otherwise(cleanUp),
      );
    cleanUp
      .next(report)
      .next(
        new Choice(this, 'HasItPassed')
          .when(Condition.isPresent('$.failure'), this.#failureOf('Failed', '$.failure'))
          .when(Condition.isPresent('$.cleanUpFailure'), this.#failureOf('LeftOver', '$.cleanUpFailure'))
          .otherwise(new Succeed(this, 'Passed')),
      );

    const role = new PlatformRole(this, 'Role', {
      names,
      purpose: 'restore-drill-workflow',
      description: 'Runs the steps of the restore drill',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      comment: 'Restores the newest snapshot of the payments database, checks the copy, and deletes it',
      definitionBody: DefinitionBody.fromChainable(definition),
      role,
      timeout: longestRun,
      tracingEnabled: true,
    });
    acceptWorkflowFindings(this.stateMachine, role, [steps, verification]);
  }

  /** The reason appears in the list of executions. */
  #failureOf(id: string, path: string): Fail {
    return new Fail(this, id, { errorPath: `${path}.Error`, causePath: `${path}.Cause` });
  }
}

/** The error name of a failed check. */
const wrongCopy = 'RestoredDatabaseError';

/** Execution data for each step. */
const run = {
  executionArn: JsonPath.executionId,
  stateMachineArn: JsonPath.stateMachineId,
  startedAt: JsonPath.executionStartTime,
};

function acceptWorkflowFindings(stateMachine: StateMachine, role: PlatformRole, functions: readonly IFunction[]): void {
  acceptFindings(
    role,
    functions.map(({ functionArn }) => wildcardResource(role, `${functionArn}:*`)),
    {
      reason: 'CDK grants the invocation of all versions of each function.',
      compensatingControl: 'The functions have one version, and the role may invoke no other function.',
    },
  );
  acceptFindings(role, ['AwsSolutions-IAM5[Resource::*]'], {
    reason: 'The X-Ray actions support no resource-level permissions.',
    compensatingControl: 'They only write traces and read sampling rules.',
  });
  acceptFindings(stateMachine, ['AwsSolutions-SF1'], {
    reason:
      'Log delivery needs permission to change the log resource policies of the account, which outlive the environment.',
    compensatingControl:
      'Step Functions keeps the history of each execution for 90 days, and each step writes its own log.',
  });
}
