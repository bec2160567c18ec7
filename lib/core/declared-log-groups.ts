import { CfnResource, type IAspect } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/**
 * Declares a log group for each function without one, such as those of CDK's custom resource providers.
 *
 * Otherwise Lambda creates one at the first invocation, which is unencrypted, never expires and remains after `cdk destroy`.
 */
export class DeclaredLogGroups implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node) || node.cfnResourceType !== CfnFunction.CFN_RESOURCE_TYPE_NAME) return;
    if (node instanceof CfnFunction && node.loggingConfig) return;
    if (node.node.tryFindChild('LogGroup')) return;
    const logGroup = new LogGroup(node, 'LogGroup');
    node.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  }
}
