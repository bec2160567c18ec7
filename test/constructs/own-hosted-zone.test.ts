import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { OwnHostedZone } from '../../lib/constructs/own-hosted-zone';
import { handler } from '../../lib/constructs/validation-records.lambda';
import { TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const route53 = mockClient(Route53Client);
const HostedZoneId = 'Z0123456789ABCDEFGHIJ';
const event = (RequestType: string) =>
  ({ RequestType, ResourceProperties: { HostedZoneId } }) as unknown as CloudFormationCustomResourceEvent;
const record = (Name: string, Type: ResourceRecordSet['Type'], Value: string): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 300,
  ResourceRecords: [{ Value }],
});
const validation = (name: string) => record(`_${name}.pay.example.com.`, 'CNAME', `_x.${name}.acm-validations.aws.`);

beforeEach(() => {
  route53.reset();
  route53.on(ChangeResourceRecordSetsCommand).resolves({});
});

test('deletes only validation records on deletion, from every page', async () => {
  const mail = record('mail.pay.example.com.', 'CNAME', 'mail.example.org.');
  const nameServers = record('pay.example.com.', 'NS', 'ns-1.awsdns-01.org.');
  route53
    .on(ListResourceRecordSetsCommand)
    .resolvesOnce({
      ResourceRecordSets: [nameServers, validation('a')],
      IsTruncated: true,
      NextRecordName: 'b',
      NextRecordType: 'CNAME',
    })
    .resolves({ ResourceRecordSets: [mail, validation('b')], IsTruncated: false });
  await handler(event('Delete'));
  expect(route53.commandCalls(ListResourceRecordSetsCommand)[1]?.args[0].input).toMatchObject({
    StartRecordName: 'b',
    StartRecordType: 'CNAME',
  });
  const [change] = route53.commandCalls(ChangeResourceRecordSetsCommand);
  expect(change?.args[0].input).toEqual({
    HostedZoneId,
    ChangeBatch: {
      Changes: [validation('a'), validation('b')].map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })),
    },
  });
});

test('changes nothing in a zone without validation records', async () => {
  route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [], IsTruncated: false });
  await handler(event('Delete'));
  expect(route53.commandCalls(ChangeResourceRecordSetsCommand)).toHaveLength(0);
});

test.each(['Create', 'Update'])('%s returns the id of the zone and changes nothing', async (type) => {
  await expect(handler(event(type))).resolves.toEqual({
    PhysicalResourceId: `validation-records-${HostedZoneId}`,
    Data: { HostedZoneId },
  });
  expect(route53.calls()).toHaveLength(0);
});

test('deletes users of the zone first, then the validation records, then the zone', () => {
  const stack = new TestStack();
  const { zone } = new OwnHostedZone(stack, 'Zone', { zoneName: 'pay.example.com', names: stack.names });
  new Certificate(stack, 'Certificate', {
    domainName: 'pay.example.com',
    validation: CertificateValidation.fromDns(zone),
  });
  const resources = new TemplateResources(stack);
  const [recordsId, records] = resources.only('Custom::ValidationRecords');
  const [zoneId] = resources.only('AWS::Route53::HostedZone');
  const [, certificate] = resources.only('AWS::CertificateManager::Certificate');
  expect(JSON.stringify(certificate.Properties)).toContain(`{"Fn::GetAtt":["${recordsId}","HostedZoneId"]}`);
  expect(records.Properties['HostedZoneId']).toEqual({ Ref: zoneId });
});
