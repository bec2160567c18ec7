import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsRequest,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ValidationRecordsProperties } from './own-hosted-zone';
import { physicalId } from './physical-id';

const client = new Route53Client();

/** Returns the id of the hosted zone. On deletion, removes the validation records of certificates from the zone. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<object> {
  const { HostedZoneId } = event.ResourceProperties as unknown as ValidationRecordsProperties;
  if (event.RequestType === 'Delete') await removeValidationRecords(HostedZoneId);
  return { PhysicalResourceId: physicalId(event, `validation-records-${HostedZoneId}`), Data: { HostedZoneId } };
}

async function removeValidationRecords(HostedZoneId: string): Promise<void> {
  const left = (await recordsOf({ HostedZoneId })).filter(isValidationRecord);
  if (left.length === 0) return;
  await client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId,
      ChangeBatch: { Changes: left.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })) },
    }),
  );
}

async function recordsOf(request: ListResourceRecordSetsRequest): Promise<ResourceRecordSet[]> {
  const page = await client.send(new ListResourceRecordSetsCommand(request));
  const { ResourceRecordSets = [], IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier } = page;
  if (!IsTruncated) return ResourceRecordSets;
  const next = {
    HostedZoneId: request.HostedZoneId,
    StartRecordName: NextRecordName,
    StartRecordType: NextRecordType,
    StartRecordIdentifier: NextRecordIdentifier,
  };
  return [...ResourceRecordSets, ...(await recordsOf(next))];
}

/** Whether a record is one of ACM's: `_digest.pay.example.com CNAME _digest.….acm-validations.aws`. */
function isValidationRecord({ Type, ResourceRecords = [] }: ResourceRecordSet): boolean {
  return Type === 'CNAME' && ResourceRecords.some(({ Value = '' }) => /\.acm-validations\.aws\.?$/.test(Value));
}
