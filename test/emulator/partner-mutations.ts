import { APIGatewayClient, GetDomainNameCommand, UpdateDomainNameCommand } from '@aws-sdk/client-api-gateway';
import { DescribeInstancesCommand, EC2Client, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  DeleteBucketReplicationCommand,
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetWebACLCommand,
  ListWebACLsCommand,
  type Rule,
  UpdateWebACLCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import type { Made, MutationsOf } from './mutations';

/** Changes of resources of `partner`. */
export const partnerMutations: MutationsOf = (suffix, outputs, access) => {
  const home = { region: outputs.ComputeRegion, ...access, forcePathStyle: true };
  const queueUrl = String(outputs.ComputePaymentQueueUrl);
  return [
    {
      test: /^documents are replicated/,
      says: /nothing is replicated into bucket-documents-replica-/,
      make: async () => withoutReplication(new S3Client(home), `bucket-documents-${suffix}-123456789012`),
    },
    {
      test: /^the API Gateway answers/,
      says: /admits clients without a certificate/,
      make: async () => withoutMutualTls(new APIGatewayClient(home), new URL(outputs.EdgeUrl).hostname),
    },
    {
      test: /^queued payments are consumed/,
      says: /what cannot be consumed of \S+ does not go to \S+/,
      make: async () => withoutDeadLetters(new SQSClient(home), queueUrl),
    },
    {
      test: /^queued payments are consumed/,
      says: /nothing consumes \S+/,
      make: async () => withoutConsumer(new LambdaClient(home)),
    },
    {
      test: /^the database is encrypted/,
      says: /the database refuses tokens of IAM/,
      make: async () => {
        const client = new RDSClient(home);
        const tokens = async (EnableIAMDatabaseAuthentication: boolean) =>
          client.send(
            new ModifyDBClusterCommand({
              DBClusterIdentifier: `database-payments-${suffix}`,
              EnableIAMDatabaseAuthentication,
              ApplyImmediately: true,
            }),
          );
        await tokens(false);
        return () => tokens(true);
      },
    },
    {
      test: /^a web ACL protects/,
      says: /AWSManagedRulesSQLiRuleSet of \S+ does not block/,
      make: async () => countingInjections(new WAFV2Client(home)),
    },
    {
      test: /^private subnets have a way/,
      says: /drops what is not meant for itself/,
      make: async () => checkingDestination(new EC2Client(home)),
    },
  ];
};

async function withoutReplication(client: S3Client, Bucket: string): Made {
  const { ReplicationConfiguration } = await client.send(new GetBucketReplicationCommand({ Bucket }));
  await client.send(new DeleteBucketReplicationCommand({ Bucket }));
  return () => client.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration }));
}

async function withoutMutualTls(client: APIGatewayClient, domainName: string): Made {
  const { mutualTlsAuthentication } = await client.send(new GetDomainNameCommand({ domainName }));
  const trust = async (value: string | undefined) =>
    client.send(
      new UpdateDomainNameCommand({
        domainName,
        patchOperations: [{ op: 'replace', path: '/mutualTlsAuthentication/truststoreUri', value }],
      }),
    );
  await trust('');
  return () => trust(mutualTlsAuthentication?.truststoreUri);
}

async function withoutDeadLetters(client: SQSClient, QueueUrl: string): Made {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const redrive = async (RedrivePolicy = '') =>
    client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
  await redrive();
  return () => redrive(Attributes?.['RedrivePolicy']);
}

async function withoutConsumer(client: LambdaClient): Made {
  const { EventSourceMappings: [mapping] = [] } = await client.send(new ListEventSourceMappingsCommand({}));
  const enable = async (Enabled: boolean) =>
    client.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }));
  await enable(false);
  return () => enable(true);
}

async function checkingDestination(client: EC2Client): Made {
  const { Reservations: [reservation] = [] } = await client.send(new DescribeInstancesCommand({}));
  const [instance] = reservation?.Instances ?? [];
  const check = async (Value: boolean) =>
    client.send(new ModifyInstanceAttributeCommand({ InstanceId: instance?.InstanceId, SourceDestCheck: { Value } }));
  await check(true);
  return () => check(false);
}

async function countingInjections(client: WAFV2Client): Made {
  const { WebACLs: [listed] = [] } = await client.send(new ListWebACLsCommand({ Scope: 'REGIONAL' }));
  const which = { Name: listed?.Name, Id: listed?.Id, Scope: 'REGIONAL' } as const;
  const put = async (change: (rule: Rule) => Rule) => {
    const { WebACL: acl, LockToken } = await client.send(new GetWebACLCommand(which));
    const { DefaultAction, VisibilityConfig, Rules = [] } = acl ?? {};
    const rules = Rules.map((rule) => (rule.Name === 'AWSManagedRulesSQLiRuleSet' ? change(rule) : rule));
    return client.send(new UpdateWebACLCommand({ ...which, DefaultAction, VisibilityConfig, LockToken, Rules: rules }));
  };
  await put((rule) => ({ ...rule, OverrideAction: { Count: {} } }));
  return () => put((rule) => ({ ...rule, OverrideAction: { None: {} } }));
}
