import {
  APIGatewayClient,
  GetAccountCommand,
  GetRestApisCommand,
  UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
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
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lib/edge/rest-api/account-logging.lambda';
import { customResourceEvent } from '../../support/custom-resource-events';

jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const apiGateway = mockClient(APIGatewayClient);
const apiGatewayV2 = mockClient(ApiGatewayV2Client);
const iam = mockClient(IAMClient);
const RoleName = 'payment-platform-api-gateway-logs-us-east-1';
const ourArn = `arn:aws:iam::111122223333:role/${RoleName}`;
const properties = { RoleName, PolicyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' };
const run = (type: 'Create' | 'Update' | 'Delete') =>
  handler(customResourceEvent(type, 'Custom::ApiGatewayLogging', properties, properties));
const role = (Arn: string) => ({ Arn, Path: '/', RoleName: 'role', RoleId: 'AROA1', CreateDate: new Date(0) });
const unknown = () => new NoSuchEntityException({ message: 'unknown', $metadata: {} });
const pointedTo = () =>
  apiGateway.commandCalls(UpdateAccountCommand).map(({ args }) => args[0].input.patchOperations?.[0]?.value);
const changes = () => iam.calls().filter(({ args }) => !(args[0] instanceof GetRoleCommand));

beforeEach(() => {
  apiGateway.reset();
  apiGatewayV2.reset();
  iam.reset();
  apiGateway.on(GetAccountCommand).resolves({});
  apiGateway.on(UpdateAccountCommand).resolves({});
  apiGateway.on(GetRestApisCommand).resolves({ items: [] });
  apiGatewayV2.on(GetApisCommand).resolves({ Items: [] });
  iam.on(GetRoleCommand).rejects(unknown());
  iam.on(CreateRoleCommand).resolves({ Role: role(ourArn) });
});

test("creates a role with AWS's policy in an account without one", async () => {
  await run('Create');
  expect(pointedTo()).toEqual([ourArn]);
  expect(iam.commandCalls(CreateRoleCommand)[0]?.args[0].input).toMatchObject({ RoleName });
  expect(iam.commandCalls(AttachRolePolicyCommand)[0]?.args[0].input).toEqual(properties);
});

test('creates a role for an account whose role was removed', async () => {
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: '' });
  await run('Create');
  expect(pointedTo()).toEqual([ourArn]);
});

test.each([ourArn, 'arn:aws:iam::111122223333:role/path/somebody-elses'])(
  'keeps the role %s, which exists',
  async (arn) => {
    apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: arn });
    iam.on(GetRoleCommand, { RoleName: arn.split('/').at(-1) ?? '' }).resolves({ Role: role(arn) });
    await run('Create');
    expect(pointedTo()).toEqual([]);
    expect(changes()).toEqual([]);
  },
);

test('reports a failure of IAM that it does not expect', async () => {
  iam.on(CreateRoleCommand).rejects(new Error('AccessDenied'));
  await expect(run('Create')).rejects.toThrow('AccessDenied');
  expect(pointedTo()).toEqual([]);
});

test('replaces a role that no longer exists', async () => {
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: 'arn:aws:iam::111122223333:role/deleted' });
  await run('Update');
  expect(pointedTo()).toEqual([ourArn]);
});

test('uses the role that another environment has just created', async () => {
  iam.on(CreateRoleCommand).rejects(new EntityAlreadyExistsException({ message: 'exists', $metadata: {} }));
  iam.on(GetRoleCommand, { RoleName }).resolves({ Role: role(ourArn) });
  await run('Create');
  expect(pointedTo()).toEqual([ourArn]);
});

test('retries while IAM propagates the new role, ten times at most', async () => {
  const notYet = Object.assign(new Error('The role ARN does not have required permissions.'), {
    name: 'BadRequestException',
  });
  apiGateway.on(UpdateAccountCommand).rejectsOnce(notYet).rejectsOnce(notYet).resolves({});
  await run('Create');
  expect(pointedTo()).toHaveLength(3);
  apiGateway.on(UpdateAccountCommand).rejects(notYet);
  await expect(run('Create')).rejects.toThrow('does not have required permissions');
  expect(pointedTo()).toHaveLength(13);
});

test.each(['REST', 'WebSocket'])('keeps the role on deletion while the region has a %s API', async (kind) => {
  if (kind === 'REST') apiGateway.on(GetRestApisCommand).resolves({ items: [{ id: 'another' }] });
  const api = (ProtocolType: 'HTTP' | 'WEBSOCKET') => ({
    ProtocolType,
    Name: 'another',
    RouteSelectionExpression: '$request.body.action',
  });
  apiGatewayV2
    .on(GetApisCommand)
    .resolvesOnce({ Items: [api('HTTP')], NextToken: 'next' })
    .resolves({ Items: [api('WEBSOCKET')] });
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: ourArn });
  await run('Delete');
  expect(pointedTo()).toEqual([]);
  expect(changes()).toEqual([]);
});

test('deletes a role that an environment created with the last API', async () => {
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: ourArn });
  await run('Delete');
  expect(pointedTo()).toEqual(['']);
  expect(iam.commandCalls(DetachRolePolicyCommand)).toHaveLength(1);
  expect(iam.commandCalls(DeleteRoleCommand)).toHaveLength(1);
});

test('keeps a role of the account and accepts that the created one is missing', async () => {
  apiGateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: 'arn:aws:iam::111122223333:role/somebody-elses' });
  iam.on(DetachRolePolicyCommand).rejects(unknown());
  iam.on(DeleteRoleCommand).rejects(unknown());
  await run('Delete');
  expect(pointedTo()).toEqual([]);
});
