import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { DeploymentStep, OnEventResult } from './deployment-step';
import type { ListenerTrafficProperties } from './deployment-steps-contract';
import { pointRuleTo } from './listener-rule';
import { describeService, primaryTaskSet, runningDeployments } from './running-service';
import { physicalId } from '../../constructs/physical-id';

/**
 * Points the listener rule to the tasks that serve production traffic.
 *
 * CodeDeploy switches the rule between blue and green. Each update of the rule or its listener by CloudFormation, including rollbacks,
 * resets it to blue, which has no tasks while green serves. A running deployment switches the rule itself.
 */
export const listenerTraffic: DeploymentStep = { start, isComplete: () => Promise.resolve(true) };

async function start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  const properties = event.ResourceProperties as unknown as ListenerTrafficProperties;
  const done = { PhysicalResourceId: physicalId(event, `traffic-${properties.ServiceName}`) };
  // After a creation, blue serves, as in the template.
  if (event.RequestType !== 'Update') return done;
  if ((await runningDeployments(properties)).length > 0) return done;
  const targetGroupArn = primaryTaskSet(await describeService(properties)).loadBalancers?.[0]?.targetGroupArn;
  if (targetGroupArn !== undefined) await pointRuleTo(properties.ListenerRuleArn, targetGroupArn);
  return done;
}
