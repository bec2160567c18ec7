import { CfnResource, type IAspect } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/**
 * Gives a declared log group to each function that has none, as CDK's own custom-resource providers do not.
 *
 * Lambda otherwise creates one itself at the first invocation: unencrypted, kept for ever, and left behind by `cdk destroy`.
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
