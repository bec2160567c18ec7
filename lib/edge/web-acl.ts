import { ArnFormat, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { ResourceNames } from '../conventions/resource-names';
import { webAclRules } from './web-acl-rules';

/** What the web ACL is told. */
export interface WebAclProps {
  readonly names: ResourceNames;
  readonly requestsPerAddressPerFiveMinutes: number;
}

/** Header values that never reach a log: credentials of every kind. */
const redactedHeaders = ['authorization', 'cookie', 'x-api-key', 'x-origin-verify'];

/** The web ACL in front of CloudFront: all rules block, none only counts, and each decision is logged. */
export class WebAcl extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { names, requestsPerAddressPerFiveMinutes } = props;
    this.name = names.of('web-acl');
    const visibility = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      name: this.name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.name),
      rules: webAclRules(requestsPerAddressPerFiveMinutes).map(({ name, statement, managed }, priority) => ({
        name,
        priority,
        statement,
        visibilityConfig: visibility(name),
        ...(managed ? { overrideAction: { none: {} } } : { action: { block: {} } }),
      })),
    });
    this.arn = acl.attrArn;
    const logGroup = new LogGroup(this, 'LogGroup', {
      // WAF accepts no other prefix.
      logGroupName: `aws-waf-logs-${names.of('web-acl')}`,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: redactedHeaders.map((Name) => ({ singleHeader: { Name } })),
    });
  }
}
