import { overrides } from '../support/profile-overrides';
import { testPlatform } from '../support/test-platform';

const documents = { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 2557 };
const { all, stacks, templates } = testPlatform(overrides({ documents }));

test('deploys the replica before the source bucket and deletes it after it', () => {
  expect(all.map(({ tier }) => tier)).toEqual(['network', 'replica', 'data', 'compute', 'edge', 'observability']);
  expect(stacks.data.dependencies).toContain(stacks.replica);
  expect(stacks.replica?.dependencies).toEqual([stacks.network]);
});

test('creates the replica in its own region, which the permissions boundary allows', () => {
  expect(stacks.replica?.region).toBe('eu-west-1');
  const policies = templates.network.properties('AWS::IAM::ManagedPolicy').map((each) => JSON.stringify(each));
  expect(
    policies.filter((each) => each.includes('"aws:RequestedRegion":["eu-south-2","us-east-1","eu-west-1"]')),
  ).toHaveLength(1);
});

test('passes bucket and retention to the API tasks', () => {
  const environments = templates.compute
    .properties('AWS::ECS::TaskDefinition')
    .flatMap(({ ContainerDefinitions }) =>
      (ContainerDefinitions as { Environment: { Name: string; Value: unknown }[] }[]).map(({ Environment }) =>
        Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
      ),
    );
  expect(environments.filter((each) => 'DOCUMENT_BUCKET' in each)).toEqual([
    expect.objectContaining({
      DOCUMENT_BUCKET: { 'Fn::Join': ['', ['documents-bucket-test1-', { Ref: 'AWS::AccountId' }]] },
      DOCUMENT_RETENTION_DAYS: '2557',
    }),
  ]);
});

test('turns documents on in the console and allows requests to the bucket', () => {
  const policies = templates.edge.properties('AWS::CloudFront::ResponseHeadersPolicy');
  expect(JSON.stringify(policies)).toContain(
    `connect-src 'self' https://documents-bucket-test1-",{"Ref":"AWS::AccountId"},".s3.eu-south-2.amazonaws.com; `,
  );
});

test('has no replica without documents', () => {
  const without = testPlatform();
  expect(without.stacks.replica).toBeUndefined();
  expect(without.all).toHaveLength(5);
  expect(JSON.stringify(without.templates.compute.template.toJSON())).not.toContain('DOCUMENT_');
});
