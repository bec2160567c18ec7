import { CustomResource, Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';
import type { RestorableCluster } from '../data-resources';
import type { RestoreDrillTarget, LifecycleTarget } from './restore-drill-contract';
import type { restoreDrillPermissions } from './restore-drill-permissions';

export interface RestoreDrillLifecycleProps {
  readonly names: ResourceNames;
  readonly target: RestoreDrillTarget;
  readonly permissions: Pick<
    ReturnType<typeof restoreDrillPermissions>,
    'begin' | 'end' | 'patternsOfEnd' | 'stateMachineArn'
  >;
  /** Dependencies of a copy. They cannot be replaced or deleted before the copy. */
  readonly holds: RestorableCluster;
  readonly stateMachine: IStateMachine;
}

/** Starts the first run of a new environment, and deletes the copy of a run when the stack is deleted. */
export class RestoreDrillLifecycle extends Construct {
  constructor(scope: Construct, id: string, props: RestoreDrillLifecycleProps) {
    super(scope, id);
    const { names, target, permissions, holds, stateMachine } = props;
    const environment: LifecycleTarget = {
      RESTORED_CLUSTER: target.RESTORED_CLUSTER,
      RESTORED_INSTANCE: target.RESTORED_INSTANCE,
      STATE_MACHINE_ARN: permissions.stateMachineArn,
    };
    const handler = (handlerId: string, exportName: string, purpose: string, description: string) =>
      new HandlerFunction(this, handlerId, {
        names,
        purpose,
        description,
        exportName,
        source: 'data/restore-drill/restore-drill-lifecycle.lambda.ts',
        environment: { ...environment },
      });
    const begin = handler('Begin', 'onEvent', 'restore-drill-begin', 'Starts the first restore drill');
    const end = handler(
      'End',
      'isComplete',
      'restore-drill-end',
      'Stops restore drills and deletes what they restored',
    );
    grant(begin, permissions.begin);
    grant(end, permissions.end);
    acceptFindings(
      end,
      permissions.patternsOfEnd.map((pattern) => wildcardResource(this, pattern)),
      {
        reason: 'Execution names are unknown at deployment.',
        compensatingControl: 'The role may only stop executions of this state machine.',
      },
    );
    const provider = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'restore-drill-provider'),
      onEvent: begin.function,
      // RDS deletes a cluster only after its creation is complete.
      polling: { isComplete: end.function, interval: Duration.seconds(30), timeout: Duration.minutes(55) },
    });
    new CustomResource(this, 'Resource', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::RestoreDrill',
      properties: {
        StateMachineArn: stateMachine.stateMachineArn,
        SubnetGroupName: holds.subnetGroupName,
        ParameterGroupName: holds.parameterGroupName,
        KeyArn: target.KEY_ARN,
      },
    });
  }
}

function grant(handler: HandlerFunction, statements: readonly PolicyStatement[]): void {
  for (const statement of statements) handler.function.addToRolePolicy(statement);
}
