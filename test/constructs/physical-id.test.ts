import { ECSClient } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourceTypes } from '../../lib/compute/deployment/deployment-steps-contract';

type Handler = (event: CloudFormationCustomResourceDeleteEvent) => Promise<{ readonly PhysicalResourceId?: string }>;

const lib = join(__dirname, '..', '..', 'lib');
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.lambda.ts') && readFileSync(join(lib, path), 'utf8').includes('CustomResourceEvent'),
);

/** An account without any resource of the handlers. */
const nothingThere = {
  ResourceRecordSets: [],
  deployments: [],
  executions: [],
  items: [],
  services: [{ serviceName: 'api', taskSets: [] }],
};

/** One handler serves several types of resource. */
const typesOf = (source: string) =>
  source.endsWith('deployment-steps.lambda.ts') ? Object.values(resourceTypes) : ['Custom::Any'];

beforeAll(() => {
  // The prototype that all clients of the SDK share.
  const shared = Object.getPrototypeOf(ECSClient.prototype) as ECSClient;
  Object.assign(shared, { send: () => Promise.resolve(nothingThere) });
});

test('finds custom resources', () => {
  expect(sources.length).toBeGreaterThanOrEqual(6);
});

test.each(sources.flatMap((source) => typesOf(source).map((type) => [source, type])))(
  '%s, %s: returns the physical ID of CloudFormation for a deletion',
  async (source, ResourceType) => {
    const { onEvent, handler } = jest.requireActual<{ onEvent?: Handler; handler?: Handler }>(join(lib, source));
    const PhysicalResourceId = 'compute-stack-pr123-Thing-0241A8F5D3CF';
    const answer = await (onEvent ?? handler)?.({
      RequestType: 'Delete',
      PhysicalResourceId,
      ResourceType,
      LogicalResourceId: 'Thing',
      RequestId: 'request',
      StackId: 'stack',
      ServiceToken: 'token',
      ResponseURL: 'https://cloudformation.example',
      ResourceProperties: { ServiceToken: 'token', ServiceName: 'api', HostedZoneId: 'Z1', RoleName: 'role' },
    });
    expect(answer?.PhysicalResourceId ?? PhysicalResourceId).toBe(PhysicalResourceId);
  },
);
