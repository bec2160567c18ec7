import { Stack } from 'aws-cdk-lib';
import {
  DeploymentLifecycleLambdaTarget,
  DeploymentLifecycleStage,
  type IDeploymentLifecycleHookTarget,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { HandlerFunction } from '../../constructs/handler-function';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';
import type { MigrationHookEnvironment } from './migration-hook-contract';
import type { SchemaMigration } from './schema-migration';

/** What the hook runs. */
export interface MigrationHookProps {
  readonly names: ResourceNames;
  readonly migration: SchemaMigration;
}

/**
 * Runs the schema migrations as a lifecycle hook of ECS, before ECS starts the tasks of a new revision.
 *
 * The service must depend on it: ECS invokes the hook when the service is created.
 */
export class MigrationHook extends Construct {
  /** What the service names as its hook. */
  readonly target: IDeploymentLifecycleHookTarget;

  constructor(scope: Construct, id: string, props: MigrationHookProps) {
    super(scope, id);
    const { names, migration } = props;
    const stack = Stack.of(this);
    const environment: MigrationHookEnvironment = {
      MIGRATION: stack.toJsonString(migration.runProperties),
      STACK_ID: stack.stackId,
    };
    const hook = new HandlerFunction(this, 'Hook', {
      names,
      purpose: 'migration-hook',
      description: 'Runs the schema migrations before ECS starts new tasks of the payments API',
      source: 'compute/migrations/migration-hook.lambda.ts',
      environment: { ...environment },
    });
    migration.grantRun(hook, [hook.function]);
    hook.function.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }),
    );
    acceptFindings(hook, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'The id of the migration’s task is not known before it runs.',
      compensatingControl: 'The call only reads, tasks in this cluster only.',
    });
    const invoker = new PlatformRole(this, 'Invoker', {
      names,
      purpose: 'ecs-lifecycle-hook',
      description: 'Lets ECS invoke the hook that runs the schema migrations',
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    });
    // CDK's grantInvoke would also allow every version of the function.
    invoker.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [hook.function.functionArn] }),
    );
    this.target = new DeploymentLifecycleLambdaTarget(hook.function, 'Target', {
      role: invoker,
      lifecycleStages: [DeploymentLifecycleStage.PRE_SCALE_UP],
    });
  }
}
