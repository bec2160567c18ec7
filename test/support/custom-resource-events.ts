import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { IsCompleteEvent, OnEventResult } from '../../lib/compute/deployment/deployment-step';

/** The stack that every event of the tests comes from. */
export const stackId = 'arn:aws:cloudformation:eu-south-2:111122223333:stack/compute-stack-test1/0123';

/** The event of a custom resource. */
export function customResourceEvent(
  requestType: CloudFormationCustomResourceEvent['RequestType'],
  resourceType: string,
  properties: object,
  oldProperties: object = properties,
): CloudFormationCustomResourceEvent {
  const token = 'arn:aws:lambda:eu-south-2:111122223333:function:provider';
  const common = {
    ServiceToken: token,
    ResponseURL: 'https://example.com/response',
    StackId: stackId,
    RequestId: `request-of-${requestType.toLowerCase()}`,
    LogicalResourceId: 'Resource',
    ResourceType: resourceType,
    ResourceProperties: { ServiceToken: token, ...properties },
  };
  switch (requestType) {
    case 'Create':
      return { ...common, RequestType: requestType };
    case 'Update':
      return {
        ...common,
        RequestType: requestType,
        PhysicalResourceId: 'earlier',
        OldResourceProperties: { ServiceToken: token, ...oldProperties },
      };
    case 'Delete':
      return { ...common, RequestType: requestType, PhysicalResourceId: 'earlier' };
  }
}

/** The event of `isComplete`. */
export function pollOf(event: CloudFormationCustomResourceEvent, data?: OnEventResult['Data']): IsCompleteEvent {
  return { ...event, PhysicalResourceId: 'earlier', Data: data };
}
