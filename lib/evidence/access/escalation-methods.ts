/** A way to gain the permissions of another identity. */
export interface EscalationMethod {
  /** The id in the published list; our own ids begin with `own-`. */
  readonly id: string;
  /** Every one is needed. `iam:PassRole` and `sts:AssumeRole` are about a role, the others about whatever they act on. */
  readonly actions: readonly string[];
  /** With `iam:PassRole`: the service that must be allowed to run as the role. */
  readonly service?: string;
}

const pass = (id: string, service: string, ...actions: readonly string[]): EscalationMethod => ({
  id,
  actions: ['iam:PassRole', ...actions],
  service: `${service}.amazonaws.com`,
});
const own = (id: string, ...actions: readonly string[]): EscalationMethod => ({ id, actions });

/**
 * The published methods with the actions that each needs. Those of Rhino Security Labs are among them.
 *
 * @see https://pathfinding.cloud (release of 2025-12-17)
 * @see https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
 */
const published: readonly EscalationMethod[] = [
  pass('apprunner-001', 'tasks.apprunner', 'apprunner:CreateService'),
  own('apprunner-002', 'apprunner:UpdateService'),
  pass(
    'bedrock-001',
    'bedrock-agentcore',
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ),
  own('bedrock-002', 'bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'),
  pass('cloudformation-001', 'cloudformation', 'cloudformation:CreateStack'),
  own('cloudformation-002', 'cloudformation:UpdateStack'),
  pass('cloudformation-003', 'cloudformation', 'cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'),
  pass('cloudformation-004', 'cloudformation', 'cloudformation:UpdateStackSet'),
  own('cloudformation-005', 'cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'),
  pass('codebuild-001', 'codebuild', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  own('codebuild-002', 'codebuild:StartBuild'),
  own('codebuild-003', 'codebuild:StartBuildBatch'),
  pass('codebuild-004', 'codebuild', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'),
  pass(
    'datapipeline-001',
    'datapipeline',
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ),
  own('ec2instanceconnect-003', 'ec2-instance-connect:SendSSHPublicKey'),
  pass('ec2-001', 'ec2', 'ec2:RunInstances'),
  own('ec2-002', 'ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'),
  pass('ec2-003', 'ec2', 'ec2:RequestSpotInstances'),
  own('ec2-004', 'ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'),
  pass('ecs-001', 'ecs-tasks', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  pass('ecs-002', 'ecs-tasks', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  pass('ecs-003', 'ecs-tasks', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  pass('ecs-004', 'ecs-tasks', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  pass('ecs-005', 'ecs-tasks', 'ecs:RegisterTaskDefinition', 'ecs:StartTask'),
  pass('glue-001', 'glue', 'glue:CreateDevEndpoint'),
  own('glue-002', 'glue:UpdateDevEndpoint'),
  pass('glue-003', 'glue', 'glue:CreateJob', 'glue:StartJobRun'),
  pass('glue-004', 'glue', 'glue:CreateJob', 'glue:CreateTrigger'),
  pass('glue-005', 'glue', 'glue:UpdateJob', 'glue:StartJobRun'),
  pass('glue-006', 'glue', 'glue:UpdateJob', 'glue:CreateTrigger'),
  own('iam-001', 'iam:CreatePolicyVersion'),
  own('iam-002', 'iam:CreateAccessKey'),
  own('iam-003', 'iam:CreateAccessKey', 'iam:DeleteAccessKey'),
  own('iam-004', 'iam:CreateLoginProfile'),
  own('iam-005', 'iam:PutRolePolicy'),
  own('iam-006', 'iam:UpdateLoginProfile'),
  own('iam-007', 'iam:PutUserPolicy'),
  own('iam-008', 'iam:AttachUserPolicy'),
  own('iam-009', 'iam:AttachRolePolicy'),
  own('iam-010', 'iam:AttachGroupPolicy'),
  own('iam-011', 'iam:PutGroupPolicy'),
  own('iam-012', 'iam:UpdateAssumeRolePolicy'),
  own('iam-013', 'iam:AddUserToGroup'),
  own('iam-014', 'iam:AttachRolePolicy', 'sts:AssumeRole'),
  own('iam-015', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'),
  own('iam-016', 'iam:CreatePolicyVersion', 'sts:AssumeRole'),
  own('iam-017', 'iam:PutRolePolicy', 'sts:AssumeRole'),
  own('iam-018', 'iam:PutUserPolicy', 'iam:CreateAccessKey'),
  own('iam-019', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'),
  own('iam-020', 'iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy'),
  own('iam-021', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'),
  pass('lambda-001', 'lambda', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  pass('lambda-002', 'lambda', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
  own('lambda-003', 'lambda:UpdateFunctionCode'),
  own('lambda-004', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'),
  own('lambda-005', 'lambda:UpdateFunctionCode', 'lambda:AddPermission'),
  pass('lambda-006', 'lambda', 'lambda:CreateFunction', 'lambda:AddPermission'),
  pass('sagemaker-001', 'sagemaker', 'sagemaker:CreateNotebookInstance'),
  pass('sagemaker-002', 'sagemaker', 'sagemaker:CreateTrainingJob'),
  pass('sagemaker-003', 'sagemaker', 'sagemaker:CreateProcessingJob'),
  own('sagemaker-004', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  own(
    'sagemaker-005',
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance',
    'sagemaker:UpdateNotebookInstance',
    'sagemaker:StartNotebookInstance',
  ),
  own('ssm-001', 'ssm:StartSession'),
  own('ssm-002', 'ssm:SendCommand'),
  own('sts-001', 'sts:AssumeRole'),
];

/** Methods that the list does not have. A task that starts from an existing definition accepts another command. */
const further: readonly EscalationMethod[] = [
  own('own-default-policy-version', 'iam:SetDefaultPolicyVersion'),
  own('own-delete-boundary', 'iam:DeleteRolePermissionsBoundary'),
  own('own-put-boundary', 'iam:PutRolePermissionsBoundary'),
  own('own-function-configuration', 'lambda:UpdateFunctionConfiguration'),
  own('own-execute-command', 'ecs:ExecuteCommand'),
  pass('own-run-existing-task', 'ecs-tasks', 'ecs:RunTask'),
  pass('own-state-machine', 'states', 'states:CreateStateMachine', 'states:StartExecution'),
  pass('own-schedule', 'scheduler', 'scheduler:CreateSchedule'),
];

export const escalationMethods: readonly EscalationMethod[] = [...published, ...further];
