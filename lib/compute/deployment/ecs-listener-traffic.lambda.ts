import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { physicalId } from '../../constructs/physical-id';
import type { OnEventResult } from './deployment-step';
import type { EcsListenerTrafficProperties } from './deployment-steps-contract';
import { weighRule } from './listener-rule';
import { productionTraffic } from './service-traffic';

/**
 * Gives the listener rule the weights that ECS has for the service.
 *
 * ECS moves the rule between blue and green, and only while it deploys. Each update of the rule by CloudFormation, in a rollback too, puts it
 * back to blue.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  const properties = event.ResourceProperties as unknown as EcsListenerTrafficProperties;
  const { ServiceName, ListenerRuleArn, TargetGroupArns } = properties;
  const done = { PhysicalResourceId: physicalId(event, `traffic-${ServiceName}`) };
  // At first there is no service, and blue serves, as the template says.
  if (event.RequestType !== 'Update') return done;
  const weights = await productionTraffic(properties);
  if (Object.keys(weights).length > 0) await weighRule(ListenerRuleArn, TargetGroupArns, weights);
  return done;
}
