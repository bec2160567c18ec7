import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/**
 * The physical ID for the response of a custom resource: `own`, or for a deletion the ID that CloudFormation sent.
 *
 * If a creation ends without a response, CloudFormation generates an ID. Responding to its deletion with another ID fails the deletion, the
 * rollback and every later attempt to delete the stack.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
 */
export function physicalId(event: CloudFormationCustomResourceEvent, own: string): string {
  return event.RequestType === 'Delete' ? event.PhysicalResourceId : own;
}
