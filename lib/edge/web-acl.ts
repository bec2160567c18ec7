import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ResourceNames } from '../core/resource-names';
import { pascalCase } from '../core/pascal-case';
import { addOutput } from '../core/add-output';
import type { WebAclRule } from './web-acl-rules';

export interface WebAclProps {
  readonly names: ResourceNames;
  /** `CLOUDFRONT` for a distribution, `REGIONAL` for a load balancer or an API Gateway. */
  readonly scope: 'CLOUDFRONT' | 'REGIONAL';
  /** The protected resource, as part of the names of web ACL and alarm. */
  readonly purpose: 'edge' | 'api';
  /** Rules in evaluation order. */
  readonly rules: readonly WebAclRule[];
}

/** Headers with credentials, which are redacted in the logs. */
const redactedHeaders = ['authorization', 'cookie', 'x-api-key', 'x-origin-verify', 'x-proxy-mark'];

/** A web ACL. All rules block instead of count, and each decision is logged. */
export class WebAcl extends Construct {
  readonly arn: string;
  readonly blockedRequests: IMetric;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { names, purpose, rules } = props;
    const name = names.of('web-acl', purpose);
    const visibility = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      name,
      scope: props.scope,
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      rules: rules.map((rule, priority) => ({
        name: rule.name,
        priority,
        statement: rule.statement,
        visibilityConfig: visibility(rule.name),
        ...(rule.isGroup ? { overrideAction: { none: {} } } : { action: { block: {} } }),
      })),
    });
    this.arn = acl.attrArn;
    this.#log(acl, name, purpose);
    this.blockedRequests = new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      region: Stack.of(this).region,
      dimensionsMap: {
        WebACL: name,
        Rule: 'ALL',
        ...(props.scope === 'REGIONAL' && { Region: Stack.of(this).region }),
      },
    });
    this.alarms = [
      {
        id: `${purpose}-blocked-requests`,
        severity: 'ticket',
        meaning: `The web ACL of the ${purpose} has blocked more than 1000 requests in five minutes.`,
        firstLook: 'Look at the log of the web ACL: does one address or one rule prevail?',
        metric: this.blockedRequests,
        threshold: 1000,
      },
    ];
  }

  /** Associates a regional web ACL with a load balancer or a stage of an API Gateway. */
  protect(id: string, resourceArn: string): void {
    new CfnWebACLAssociation(this, id, { webAclArn: this.arn, resourceArn });
  }

  #log(acl: CfnWebACL, name: string, purpose: WebAclProps['purpose']): void {
    // AWS WAF requires this prefix.
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: `aws-waf-logs-${name}` });
    addOutput(this, `${pascalCase(purpose)}WebAclLogGroupName`, logGroup.logGroupName);
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
