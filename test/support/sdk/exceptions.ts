import { globMatches } from '../../../lib/evidence/access/glob';

/** Environment variables of a program. */
export type Variables = ReadonlyMap<string, unknown>;

/** Modules whose calls depend on a variable: without it, the program never makes them. */
export const calledWith: Readonly<Record<string, (variables: Variables) => boolean>> = {
  'app/src/canary.ts': (variables) => variables.has('GATEWAY_KEY_ID'),
  'app/src/db/pool.ts': (variables) => (variables.get('DATABASE_AUTHENTICATION') ?? 'iam') === 'iam',
  'app/src/documents/s3-document-store.ts': (variables) => variables.has('DOCUMENT_BUCKET'),
  'app/src/outbox/sqs-transport.ts': (variables) => variables.has('EVENT_QUEUE_URL'),
  'app/src/rotation/ensure-connection-string.ts': (variables) => variables.has('CONNECTION_STRING_SECRET_ARN'),
  'app/src/secrets/secret-reader.ts': (variables) => [...variables.keys()].some((name) => name.endsWith('SECRET_ARN')),
};

interface Exception {
  readonly actions: readonly string[];
  /** A call of the code that the permissions belong to. @default - the service uses them, whatever the code calls */
  readonly with?: string;
  readonly reason: string;
}

/** Permissions without a call of the same name. */
export const exceptions: readonly Exception[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    reason: 'Lambda writes the log lines of a function under its role.',
  },
  {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    reason: 'Lambda and the trace collector beside the API send traces under the role.',
  },
  {
    actions: ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    reason: 'The trace collector beside the API reads the sampling rules under the role of the task.',
  },
  {
    actions: ['ec2:*NetworkInterface*', 'ec2:DescribeSubnets', 'ec2:*PrivateIpAddresses'],
    reason: 'Lambda makes the network interfaces of a function in the VPC; the code is denied these actions.',
  },
  { actions: ['kms:*'], reason: 'Services use the keys in the name of the caller; the check of keys says which.' },
  {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
    with: 'sqs:ChangeMessageVisibility',
    reason: 'The event source mapping polls the queue under the role of the consumer; CDK grants these together.',
  },
  {
    actions: ['sqs:SendMessage'],
    with: 's3:GetObject',
    reason: 'Lambda sends events that the forwarding of access logs could not process to the dead-letter queue.',
  },
  {
    actions: ['iam:PassRole'],
    with: 'ecs:RunTask',
    reason: 'ECS runs the task under the roles of its definition, which the caller passes.',
  },
  {
    actions: ['iam:PassRole'],
    with: 'apigateway:PATCH',
    reason: 'API Gateway writes logs under the role that the caller passes.',
  },
  {
    actions: [
      'codedeploy:GetDeploymentConfig',
      'codedeploy:GetApplicationRevision',
      'codedeploy:RegisterApplicationRevision',
    ],
    with: 'codedeploy:CreateDeployment',
    reason: 'CodeDeploy checks them when a deployment with its revision is created.',
  },
  {
    actions: ['rds:AddTagsToResource'],
    with: 'rds:RestoreDBClusterFromSnapshot',
    reason: 'RDS checks it when a cluster or an instance is made with tags.',
  },
  {
    actions: ['secretsmanager:DescribeSecret'],
    with: 'secretsmanager:GetSecretValue',
    reason: 'CDK’s grantRead allows both; it reads names and dates.',
  },
  {
    actions: ['secretsmanager:GetRandomPassword'],
    with: 'secretsmanager:UpdateSecretVersionStage',
    reason: 'CDK’s rotation schedule allows it to every rotation function; it returns random characters.',
  },
  {
    actions: ['s3:ListBucket'],
    with: 's3:GetObject',
    reason: 'Without it S3 answers 403 instead of 404 for an object that does not exist.',
  },
];

/** The exception for a permission; `undefined` if the permission needs a call. */
export function exceptionFor(action: string, calls: ReadonlySet<string>): Exception | undefined {
  return exceptions.find(
    (exception) =>
      exception.actions.some((pattern) => globMatches(pattern, action)) &&
      (exception.with === undefined || calls.has(exception.with)),
  );
}
