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

/** What the workflow is told. */
export interface RestoreDrillWorkflowProps {
  readonly names: ResourceNames;
  readonly stateMachineName: string;
  /** Does what is asked of RDS, one short step at a time. */
  readonly steps: IFunction;
  /** Looks into the restored database. */
  readonly verification: IFunction;
}

/** What a task does when it fails: how often it is tried again, a minute apart, and the errors for which it is not. */
interface Patience {
  readonly tries: number;
  readonly hopeless: readonly string[];
}

const aMinute = Duration.minutes(1);
/** Beyond all waits together, however slow each try is; it ends a run without cleaning up, so it must never be reached. */
const longestRun = Duration.hours(14);

/**
 * Restores, waits, checks, and cleans up whatever has happened before.
 *
 * Every wait is bounded by a count of tries. Whatever fails leads to the clean-up, and from there to the report.
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

  /** The reason stands in the list of runs. */
  #failureOf(id: string, path: string): Fail {
    return new Fail(this, id, { errorPath: `${path}.Error`, causePath: `${path}.Cause` });
  }
}

/** What the function calls a copy that is not what it should be. */
const wrongCopy = 'RestoredDatabaseError';

/** What a step is told of the run that it belongs to. */
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
      reason: 'CDK grants invoking each function in all its versions.',
      compensatingControl: 'The functions have one version, and the role may invoke no other function.',
    },
  );
  acceptFindings(role, ['AwsSolutions-IAM5[Resource::*]'], {
    reason: 'The actions by which traces are sent to X-Ray support no resource.',
    compensatingControl: 'They write traces and read sampling rules, and nothing else.',
  });
  acceptFindings(stateMachine, ['AwsSolutions-SF1'], {
    reason:
      'Delivery of its log needs the right to change the log policies of the account, which outlive the environment.',
    compensatingControl: 'Step Functions keeps the history of each run for 90 days; each step writes its own log.',
  });
}
