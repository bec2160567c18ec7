import { referenceOf } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';

interface DistributionConfig {
  readonly Origins: readonly Readonly<Record<string, unknown>>[];
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly CacheBehaviors: readonly Readonly<Record<string, unknown>>[];
  readonly WebACLId: unknown;
}

interface Rule {
  readonly Name: string;
  readonly Action?: unknown;
  readonly OverrideAction?: unknown;
  readonly Statement: Readonly<Record<string, unknown>>;
}

/** EDGE and OBS: edge and observability. */
export const edge: readonly RequirementRow[] = [
  {
    cell: 'EDGE-1@flagship',
    demand: 'the load balancer is in public subnets and answers CloudFront only',
    proof: ({ templates: { compute, network } }) => {
      const [, { Properties: balancer }] = compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer');
      expect(balancer['Scheme']).toBe('internet-facing');
      expect(JSON.stringify(balancer['Subnets']).match(/VpcPublicSubnet\dSubnet/g)).toHaveLength(3);
      const fromOutside = network
        .properties('AWS::EC2::SecurityGroupIngress')
        .filter(({ SourceSecurityGroupId }) => SourceSecurityGroupId === undefined);
      expect(fromOutside).toHaveLength(1);
      expect(fromOutside[0]).toMatchObject({ SourcePrefixListId: { 'Fn::GetAtt': expect.anything() as unknown } });
      expect(fromOutside[0]).not.toHaveProperty('CidrIp');
      const [, { Properties: listener }] = compute.only('AWS::ElasticLoadBalancingV2::Listener');
      expect(listener['DefaultActions']).toMatchObject([
        { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } },
      ]);
      const [, { Properties: rule }] = compute.only('AWS::ElasticLoadBalancingV2::ListenerRule');
      expect(rule['Conditions']).toMatchObject([
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-origin-verify' } },
      ]);
    },
  },
  {
    cell: 'EDGE-2@flagship',
    demand: 'a web ACL with AWS’s groups and own rules against injection and floods; every rule blocks',
    proof: ({ templates: { edge: template } }) => {
      const [aclId, { Properties }] = template.only('AWS::WAFv2::WebACL');
      const rules = Properties['Rules'] as Rule[];
      expect(rules.map(({ Name }) => Name)).toEqual([
        'RateLimitPerAddress',
        'AWSManagedRulesAmazonIpReputationList',
        'AWSManagedRulesCommonRuleSet',
        'AWSManagedRulesKnownBadInputsRuleSet',
        'AWSManagedRulesSQLiRuleSet',
        'SqlKeywords',
        'SqlInjection',
        'CrossSiteScripting',
      ]);
      for (const { Statement, Action, OverrideAction } of rules) {
        const managed = 'ManagedRuleGroupStatement' in Statement;
        expect(managed ? OverrideAction : Action).toEqual(managed ? { None: {} } : { Block: {} });
      }
      const { DistributionConfig: config } = template.only('AWS::CloudFront::Distribution')[1].Properties as {
        DistributionConfig: DistributionConfig;
      };
      expect(referenceOf(config.WebACLId)).toBe(aclId);
    },
  },
  {
    cell: 'EDGE-4@flagship',
    demand: 'the console lies in a private bucket that CloudFront alone reads, and is cached by its file names',
    proof: ({ templates: { edge: template } }) => {
      const [bucketId, { Properties: bucket }] = template.only('AWS::S3::Bucket');
      expect(bucket['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const { DistributionConfig: config } = template.only('AWS::CloudFront::Distribution')[1].Properties as {
        DistributionConfig: DistributionConfig;
      };
      const [site] = config.Origins;
      expect(site?.['DomainName']).toEqual({ 'Fn::GetAtt': [bucketId, 'RegionalDomainName'] });
      expect(site).toHaveProperty('OriginAccessControlId');
      const assets = config.CacheBehaviors.find(({ PathPattern }) => PathPattern === '/assets/*');
      const policy = template.all[referenceOf(assets?.['CachePolicyId']) ?? ''];
      expect(policy?.Properties['CachePolicyConfig']).toMatchObject({ DefaultTTL: 31_536_000, MaxTTL: 31_536_000 });
      for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) {
        expect(behavior['ViewerProtocolPolicy']).toBe('redirect-to-https');
      }
    },
  },
  {
    cell: 'OBS-1@flagship',
    demand: 'every log is kept for 90 days',
    proof: ({ templates }) => {
      const groups = Object.values(templates).flatMap((template) => template.properties('AWS::Logs::LogGroup'));
      expect(groups.length).toBeGreaterThan(10);
      for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 90 });
    },
  },
  {
    cell: 'OBS-5@flagship',
    demand: 'a dashboard with response times, error rate, database connections, and health and number of tasks',
    proof: ({ templates: { observability } }) => {
      const [, { Properties }] = observability.only('AWS::CloudWatch::Dashboard');
      const body = JSON.stringify(Properties['DashboardBody']);
      for (const title of [
        'Response time, seconds',
        'Error rate, %',
        'Database connections',
        'Tasks',
        'Healthy and unhealthy targets',
      ]) {
        expect(body).toContain(`\\"title\\":\\"${title}\\"`);
      }
      for (const shown of [
        'TargetResponseTime',
        'p50',
        'p90',
        'p99',
        'DatabaseConnections',
        'RunningTaskCount',
        'UnHealthyHostCount',
      ])
        expect(body).toContain(shown);
    },
  },
  {
    cell: 'OBS-6@flagship',
    demand: 'an error rate above 1 % notifies an SNS topic',
    proof: ({ templates: { observability } }) => {
      const [topicId] = observability.only('AWS::SNS::Topic');
      const alarm = observability
        .properties('AWS::CloudWatch::Alarm')
        .find(({ AlarmName }) => AlarmName === 'api-error-rate-alarm-test1');
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 1,
        AlarmActions: [{ Ref: topicId }],
      });
    },
  },
];
