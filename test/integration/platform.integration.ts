import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { alarmProblems, computeAlarmProblems, readAlarms } from './checks/alarms';
import { bucketProblems, readBucket } from './checks/buckets';
import { databaseProblems, readDatabase } from './checks/database';
import { egressProblems, readEgress } from './checks/egress';
import { listenerProblems, readListeners, readTargetGroups, targetGroupProblems } from './checks/load-balancer';
import { logGroupProblems, readLogGroup } from './checks/log-groups';
import {
  askDirectly,
  directAnswerProblems,
  paymentProblems,
  readClientCertificate,
  readFirstApiKey,
  readGatewayKey,
  takePayment,
} from './checks/public-api';
import { readRotatedSecrets, rotationProblems } from './checks/secrets';
import { readService, rollbackProblems, serviceProblems } from './checks/service';
import { readStack, stackProblems } from './checks/stacks';
import {
  readBalancer,
  readDistributions,
  readRuleSets,
  readStages,
  ruleProblems,
  webAclProblems,
} from './checks/web-acl';
import { deployedPlatform, type DeployedPlatform, type DeployedStack } from './deployed-platform';

/* Each test reads deployed resources from AWS, and a check lists the problems. The checks have tests of their own. */

// An emulator has no host name for each bucket.
const forcePathStyle = process.env['AWS_ENDPOINT_URL'] !== undefined;

let platform: DeployedPlatform;

/** Problems of all resources of a type in all stacks. A missing resource is a problem too. */
async function eachOf(type: string, check: (id: string, stack: DeployedStack) => Promise<string[]>): Promise<string[]> {
  const all = platform.all.flatMap((stack) => stack.resources.all(type).map((id) => ({ id, stack })));
  if (all.length === 0) return [`no stack has any ${type}`];
  return (await Promise.all(all.map(({ id, stack }) => check(id, stack)))).flat();
}

beforeAll(async () => {
  platform = await deployedPlatform();
});

test('every stack is complete', async () => {
  const found = platform.all.map(async ({ name, region }) =>
    stackProblems(await readStack(new CloudFormationClient({ region }), name)),
  );
  expect((await Promise.all(found)).flat()).toEqual([]);
});

test('log groups are encrypted and kept as long as they should be', async () => {
  const retentionDays = platform.outputs.ObservabilityLogRetentionDays;
  const found = await eachOf('AWS::Logs::LogGroup', async (name, { region, keyIds }) => {
    const group = await readLogGroup(new CloudWatchLogsClient({ region }), name);
    return logGroupProblems(name, group, { keyIds, retentionDays });
  });
  expect(found).toEqual([]);
});

test('buckets are private and encrypted', async () => {
  const found = await eachOf('AWS::S3::Bucket', async (name, { region, keyIds }) => {
    // AWS writes access logs of load balancers and buckets without keys of ours.
    const keys = /(alb|document)-logs/.test(name) ? undefined : keyIds;
    return bucketProblems(await readBucket(new S3Client({ region, forcePathStyle }), name), keys);
  });
  expect(found).toEqual([]);
});

test('the database is encrypted, redundant, private and speaks TLS only; its credentials are rotated', async () => {
  const { region, resources, keyIds } = platform.stacks.Data;
  const deletionProtection = platform.outputs.DataDatabaseDeletionProtection;
  const deployed = await readDatabase(new RDSClient({ region }), resources);
  expect(databaseProblems(deployed, { keyIds, deletionProtection })).toEqual([]);
  const managed = deployed.database.MasterUserSecret?.SecretArn;
  expect(rotationProblems(await readRotatedSecrets(new SecretsManagerClient({ region }), resources, managed))).toEqual(
    [],
  );
});

test('the service is steady, and a deployment is rolled back when it fails', async () => {
  const { region, resources } = platform.stacks.Compute;
  const service = await readService(new ECSClient({ region }), resources);
  expect(serviceProblems(service, platform.outputs.ComputeMinTasks)).toEqual([]);
  expect(await rollbackProblems(new CodeDeployClient({ region }), resources, service)).toEqual([]);
});

test('the load balancer refuses what no rule admits, and its targets are healthy', async () => {
  const { region, resources } = platform.stacks.Compute;
  const client = new ElasticLoadBalancingV2Client({ region });
  const { ComputeLoadBalancerAdmitsEverybody, ComputeMinTasks } = platform.outputs;
  expect(listenerProblems(await readListeners(client, resources), ComputeLoadBalancerAdmitsEverybody)).toEqual([]);
  expect(targetGroupProblems(await readTargetGroups(client, resources), ComputeMinTasks)).toEqual([]);
});

test('private subnets have a way to the internet', async () => {
  const { region, resources } = platform.stacks.Network;
  expect(egressProblems(await readEgress(new EC2Client({ region }), resources))).toEqual([]);
});

test('alarms tell their topic', async () => {
  const { Compute, Edge, Observability } = platform.stacks;
  const read = ({ region, resources }: typeof Edge) => readAlarms(new CloudWatchClient({ region }), resources);
  const [compute, edge, home] = [await read(Compute), await read(Edge), await read(Observability)];
  const { EdgeAlarmTopicArn, ObservabilityAlarmTopicArn, ReplicaAlarmTopicArn } = platform.outputs;
  expect(alarmProblems(home, ObservabilityAlarmTopicArn)).toEqual([]);
  expect(alarmProblems(edge, EdgeAlarmTopicArn)).toEqual([]);
  if (platform.replica) {
    expect(alarmProblems(await read(platform.replica), String(ReplicaAlarmTopicArn))).toEqual([]);
  }
  expect(computeAlarmProblems(compute, home.composite, ObservabilityAlarmTopicArn)).toEqual([]);
});

test('a web ACL protects what faces the internet, and blocks', async () => {
  const { Compute, Edge } = platform.stacks;
  const stages = await readStages(new WAFV2Client({ region: Edge.region }), Edge.region, Edge.resources);
  const exposed = [
    ...(await readDistributions(new CloudFrontClient({ region: Edge.region }), Edge.resources)),
    ...stages,
  ];
  // Behind an API Gateway it has a web ACL of its own, as the second line.
  if (platform.outputs.ComputeLoadBalancerAdmitsEverybody || stages.length > 0) {
    exposed.push(await readBalancer(new WAFV2Client({ region: Compute.region }), Compute.resources));
  }
  expect(webAclProblems(exposed, Edge.resources.all('AWS::WAFv2::WebACL'))).toEqual([]);
  expect(ruleProblems(await readRuleSets(new WAFV2Client({ region: Edge.region }), Edge.resources))).toEqual([]);
});

// `run.ts` says when: behind an emulator no public address answers. Skipped tests are counted as such.
const throughTheInternet = process.env['PUBLIC_URL_ANSWERS'] === 'no' ? test.skip : test;

throughTheInternet('a payment is made through the public address', async () => {
  const { region, resources } = platform.stacks.Compute;
  const apiKey = await readFirstApiKey(new SecretsManagerClient({ region }), resources);
  const { EdgeApiKeyId: keyId, EdgeUrl } = platform.outputs;
  const { Edge } = platform.stacks;
  const gatewayKey = keyId && (await readGatewayKey(new APIGatewayClient({ region: Edge.region }), keyId));
  const certificate = Edge.resources.all('Custom::Truststore').length > 0 ? readClientCertificate() : undefined;
  expect(paymentProblems(await takePayment(EdgeUrl, { apiKey, gatewayKey, certificate }))).toEqual([]);
});

throughTheInternet('the load balancer refuses requests that do not come the public way', async () => {
  const { region, resources } = platform.stacks.Compute;
  const { ComputeLoadBalancerAdmitsEverybody: everybody, ComputeLoadBalancerDnsName: host } = platform.outputs;
  for (const { Protocol, Port } of await readListeners(new ElasticLoadBalancingV2Client({ region }), resources)) {
    // Where the internet is admitted, it is to the API only.
    const url = new URL(`${String(Protocol).toLowerCase()}://${host}:${String(Port)}${everybody ? '/' : '/health'}`);
    expect(directAnswerProblems(await askDirectly(url), everybody)).toEqual([]);
  }
});
