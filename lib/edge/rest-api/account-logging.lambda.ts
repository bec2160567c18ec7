import {
  APIGatewayClient,
  GetAccountCommand,
  GetRestApisCommand,
  UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand, type GetApisCommandOutput } from '@aws-sdk/client-apigatewayv2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  IAMClient,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { AccountLoggingProperties } from './account-logging';
import { physicalId } from '../../constructs/physical-id';

const apiGateway = new APIGatewayClient();
const apiGatewayV2 = new ApiGatewayV2Client();
const iam = new IAMClient();

/** A new IAM role takes some seconds to propagate. The timeout of the function is one minute. */
const attempts = 10;
const pauseMilliseconds = 4000;

const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/**
 * Gives API Gateway a logging role in this account and region, unless it has one. Deletes that role after the last API that could use it.
 *
 * Environments that are deployed at the same time create one role between them, because its name is the same in each.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<object> {
  const properties = event.ResourceProperties as unknown as AccountLoggingProperties;
  await (event.RequestType === 'Delete' ? release(properties) : provide(properties));
  return { PhysicalResourceId: physicalId(event, 'api-gateway-logging') };
}

async function provide({ RoleName, PolicyArn }: AccountLoggingProperties): Promise<void> {
  const current = await currentRoleName();
  if (current !== undefined && (await roleArn(current)) !== undefined) return;
  const arn = await createRole(RoleName);
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await setRole(arn, attempts);
}

async function release({ RoleName, PolicyArn }: AccountLoggingProperties): Promise<void> {
  if (await hasLoggingApi()) return;
  if ((await currentRoleName()) === RoleName) {
    const remove = { op: 'replace', path: '/cloudwatchRoleArn', value: '' } as const;
    await apiGateway.send(new UpdateAccountCommand({ patchOperations: [remove] }));
  }
  await unless(NoSuchEntityException, () => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  await unless(NoSuchEntityException, () => iam.send(new DeleteRoleCommand({ RoleName })));
}

/** Whether the region has a REST or WebSocket API: those log with the account's role, HTTP APIs do not. */
async function hasLoggingApi(): Promise<boolean> {
  const { items = [] } = await apiGateway.send(new GetRestApisCommand({ limit: 1 }));
  if (items.length > 0) return true;
  let NextToken: string | undefined;
  do {
    const page: GetApisCommandOutput = await apiGatewayV2.send(new GetApisCommand({ NextToken }));
    if (page.Items?.some(({ ProtocolType }) => ProtocolType === 'WEBSOCKET')) return true;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return false;
}

async function currentRoleName(): Promise<string | undefined> {
  const { cloudwatchRoleArn } = await apiGateway.send(new GetAccountCommand({}));
  // An account whose role was removed has an empty ARN.
  return cloudwatchRoleArn?.split('/').at(-1) || undefined;
}

async function roleArn(RoleName: string): Promise<string | undefined> {
  return (await unless(NoSuchEntityException, () => iam.send(new GetRoleCommand({ RoleName }))))?.Role?.Arn;
}

async function createRole(RoleName: string): Promise<string | undefined> {
  const Description = 'Lets API Gateway write logs, for every API in this account and region';
  const command = new CreateRoleCommand({ RoleName, Description, AssumeRolePolicyDocument: trustPolicy });
  const created = await unless(EntityAlreadyExistsException, () => iam.send(command));
  return created?.Role?.Arn ?? (await roleArn(RoleName));
}

/** API Gateway assumes the role when it is set, and refuses a role that IAM has not propagated yet. */
async function setRole(arn: string | undefined, attemptsLeft: number): Promise<void> {
  try {
    const replace = { op: 'replace', path: '/cloudwatchRoleArn', value: arn } as const;
    await apiGateway.send(new UpdateAccountCommand({ patchOperations: [replace] }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BadRequestException' || attemptsLeft <= 1) throw error;
    await sleep(pauseMilliseconds);
    await setRole(arn, attemptsLeft - 1);
  }
}

/** The result of `call`; `undefined` where it fails with the expected error. */
async function unless<Result>(
  expected: new (...args: never[]) => Error,
  call: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof expected) return undefined;
    throw error;
  }
}
