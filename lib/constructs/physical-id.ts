import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/**
 * The physical ID that a custom resource answers with: `own`, but for a deletion the ID that CloudFormation sent.
 *
 * A creation that ended without an answer has an ID of CloudFormation's own. An answer with another ID to its deletion fails that deletion,
 * and with it the rollback and every later attempt to delete the stack.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
 */
export function physicalId(event: CloudFormationCustomResourceEvent, own: string): string {
  return event.RequestType === 'Delete' ? event.PhysicalResourceId : own;
}
