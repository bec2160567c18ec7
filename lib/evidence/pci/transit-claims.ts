import type { AssemblyResource } from '../assembly';
import { isClusterMember, listAt, property, shown, statementsOf, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Claim, forEach } from './claim';

const requirements = ['4.2.1'];

/** Policies of load balancers that refuse TLS 1.1. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const isModernListenerPolicy = (policy: string): boolean =>
  /^ELBSecurityPolicy-TLS13-1-[23]-|^ELBSecurityPolicy-TLS-1-2-|^ELBSecurityPolicy-FS-1-2-/.test(policy);

/** Policies of API Gateway that refuse TLS 1.1. */
export const isModernApiPolicy = (policy: string): boolean =>
  policy === 'TLS_1_2' || /^SecurityPolicy_TLS1[23]_/.test(policy);

/** Minimum versions of CloudFront from TLS 1.2 on. */
export const isModernViewerProtocol = (version: string): boolean => /^TLSv1\.[23]/.test(version);

/** Whether a policy refuses everything that comes without TLS. */
export const refusesPlainText = (policy: AssemblyResource): boolean =>
  statementsOf(property(policy, 'PolicyDocument')).some(
    ({ isAllow, principals, condition }) =>
      !isAllow &&
      principals.includes('*') &&
      textOf(valueAt(valueAt(condition, 'Bool'), 'aws:SecureTransport') ?? '') === 'false',
  );

const policyClaim = (id: string, type: string, policyType: string, subject: string): Claim => ({
  id,
  requirements,
  statement: `The policy of each of the ${subject} refuses requests without TLS.`,
  subject,
  examine: forEach([type], (resource, assembly) => {
    const refusing = assembly.referrersOf(resource.key, policyType).filter(refusesPlainText);
    return {
      holds: refusing.length > 0,
      detail:
        refusing.length > 0
          ? `refused by ${refusing.map(({ key }) => key).join(', ')}`
          : 'no policy refuses requests without TLS',
    };
  }),
});

/** Claims about connections. */
export const transitClaims: readonly Claim[] = [
  {
    id: 'viewers-use-tls',
    requirements,
    statement: 'Each distribution redirects plain HTTP and accepts viewers from TLS 1.2 on.',
    subject: 'distributions',
    examine: forEach(['AWS::CloudFront::Distribution'], (distribution) => {
      const config = property(distribution, 'DistributionConfig');
      const behaviors = [valueAt(config, 'DefaultCacheBehavior'), ...listAt(config, 'CacheBehaviors')];
      const isHttps = behaviors.every((each) =>
        ['redirect-to-https', 'https-only'].includes(textOf(valueAt(each, 'ViewerProtocolPolicy') ?? '')),
      );
      const version = textOf(
        valueAt(config, 'ViewerCertificate.MinimumProtocolVersion') ?? 'TLSv1 (CloudFront’s own certificate)',
      );
      return {
        holds: isHttps && isModernViewerProtocol(version),
        detail: `${isHttps ? 'HTTPS only' : 'plain HTTP allowed'}, minimum ${version}`,
      };
    }),
  },
  {
    id: 'origins-use-tls',
    requirements,
    statement: 'Each distribution reaches its origins by TLS 1.2 or newer.',
    subject: 'distributions with origins over HTTP',
    examine: forEach(['AWS::CloudFront::Distribution'], (distribution) => {
      const origins = listAt(distribution.properties, 'DistributionConfig.Origins').filter(
        (origin) => valueAt(origin, 'CustomOriginConfig') !== undefined,
      );
      if (origins.length === 0) return undefined;
      const isTls = (origin: unknown) =>
        valueAt(origin, 'CustomOriginConfig.OriginProtocolPolicy') === 'https-only' &&
        listAt(origin, 'CustomOriginConfig.OriginSSLProtocols').every((version) => version === 'TLSv1.2');
      return {
        holds: origins.every(isTls),
        detail: origins
          .map(
            (origin) =>
              `${textOf(valueAt(origin, 'DomainName'))}: ${textOf(valueAt(origin, 'CustomOriginConfig.OriginProtocolPolicy'))}`,
          )
          .join('; '),
      };
    }),
  },
  {
    id: 'listeners-use-tls',
    requirements,
    statement: 'Each listener of a load balancer uses HTTPS with TLS 1.2 or newer, or redirects to it.',
    subject: 'listeners',
    examine: forEach(['AWS::ElasticLoadBalancingV2::Listener'], (listener) => {
      const policy = textOf(property(listener, 'SslPolicy') ?? 'no policy');
      const redirects = listAt(listener.properties, 'DefaultActions').every(
        (action) => valueAt(action, 'RedirectConfig.Protocol') === 'HTTPS',
      );
      const isTls =
        ['HTTPS', 'TLS'].includes(textOf(property(listener, 'Protocol') ?? '')) && isModernListenerPolicy(policy);
      return { holds: isTls || redirects, detail: `${shown(listener, 'Protocol')}, ${policy}` };
    }),
  },
  {
    id: 'targets-use-tls',
    requirements,
    statement: 'Load balancers reach the tasks by HTTPS.',
    subject: 'target groups',
    examine: forEach(['AWS::ElasticLoadBalancingV2::TargetGroup'], (group) => ({
      holds: ['HTTPS', 'TLS'].includes(textOf(property(group, 'Protocol') ?? '')),
      detail: shown(group, 'Protocol'),
    })),
  },
  {
    id: 'gateways-use-tls',
    requirements,
    statement: 'Each API Gateway and its domain accept TLS 1.2 or newer only.',
    subject: 'API Gateways',
    examine: forEach(['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainName'], (api) => ({
      holds: isModernApiPolicy(textOf(property(api, 'SecurityPolicy') ?? 'TLS_1_0')),
      detail: shown(api, 'SecurityPolicy'),
    })),
  },
  {
    id: 'databases-use-tls',
    requirements,
    statement: 'Each database refuses connections without TLS.',
    subject: 'databases',
    examine: forEach(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], (database, assembly) => {
      if (isClusterMember(database)) return undefined;
      const path = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
      const group = assembly.target(property(database, path));
      const forces =
        group &&
        textOf(
          listAt(group.properties, 'Parameters').map((each) => valueAtLiteral(each, 'rds.force_ssl'))[0] ?? 'not set',
        );
      return {
        holds: forces === '1',
        detail: group ? `rds.force_ssl: ${forces ?? ''} in ${group.key}` : `${path} is no resource of the assembly`,
      };
    }),
  },
  policyClaim('buckets-use-tls', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'buckets'),
  policyClaim('topics-use-tls', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'topics'),
  policyClaim('queues-use-tls', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'queues'),
];

/** The value of a key that contains dots. */
function valueAtLiteral(value: unknown, key: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[key];
}
