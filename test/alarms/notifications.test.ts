import { compositeAlarms, templateAlarms } from '../support/alarms/template-alarms';
import { contextsWithEveryPart } from '../support/every-part';
import { testPlatform } from '../support/test-platform';
import type { TemplateResources } from '../support/template-resources';

const certificateArn = (region: string) =>
  `arn:aws:acm:${region}:111122223333:certificate/11111111-2222-3333-4444-555555555555`;
const { metered, partner, storefront } = contextsWithEveryPart;
const contexts = Object.entries({
  ...contextsWithEveryPart,
  'metered with a domain': { ...metered, domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  'flagship with a domain': { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  'partner with a certificate': { ...partner, certificateArn: certificateArn('us-east-1') },
  'storefront with a certificate': { ...storefront, certificateArn: certificateArn('us-east-1') },
});

/** Certificates that clients see. Others only prove the ownership of a domain. */
const certificatesOf = (resources: TemplateResources) => {
  const listeners = resources.properties('AWS::ElasticLoadBalancingV2::Listener');
  const distributions = resources.properties('AWS::CloudFront::Distribution') as {
    DistributionConfig: { ViewerCertificate?: { AcmCertificateArn?: unknown } };
  }[];
  const names = resources.properties('AWS::ApiGateway::DomainName');
  return [
    ...listeners.flatMap(({ Certificates = [] }) =>
      (Certificates as { CertificateArn: unknown }[]).map(({ CertificateArn }) => CertificateArn),
    ),
    ...distributions.map(({ DistributionConfig }) => DistributionConfig.ViewerCertificate?.AcmCertificateArn),
    ...names.map(({ RegionalCertificateArn }) => RegionalCertificateArn),
  ].filter((arn) => arn !== undefined);
};

describe.each(contexts)('%s', (_name, context) => {
  const platform = testPlatform(context);
  const { all } = platform;

  test('shows every alarm on the dashboard, directly or in a composite alarm', () => {
    const alarms = templateAlarms(platform);
    const [, { Properties }] = platform.templates.observability.only('AWS::CloudWatch::Dashboard');
    const shown = JSON.stringify(Properties['DashboardBody']);
    const composed = compositeAlarms(platform, alarms).flatMap(({ children }) => children.map(({ id }) => id));
    const hidden = alarms.filter(
      ({ id, name, logicalId }) => !composed.includes(id) && !shown.includes(name) && !shown.includes(logicalId),
    );
    // CloudWatch and Auto Scaling act on these; `nat-instances` and `api-refusing` notify people.
    const withoutPeople = ['nat-instances-recovery', 'nat-instances-reboot', 'api-refusing-scale-out'];
    expect([...new Set(hidden.map(({ id }) => id))].filter((id) => !withoutPeople.includes(id))).toEqual([]);
  });

  test('every topic of alarms has an output, and every other action is automatic', () => {
    const published = all.flatMap(({ tier, region, resources }) => {
      const { Outputs = {} } = resources.template.toJSON() as { Outputs?: Record<string, { Value: unknown }> };
      const outputs = Object.entries(Outputs).flatMap(([name, { Value }]) => (name === 'AlarmTopicArn' ? [Value] : []));
      return resources.entries('AWS::SNS::Topic').flatMap(([id, { Properties }]) => {
        expect(outputs).toContainEqual({ Ref: id });
        return [{ tier, region, id, name: Properties['TopicName'] }];
      });
    });
    for (const { tier, region, resources } of all) {
      const actions = [
        ...resources.properties('AWS::CloudWatch::Alarm'),
        ...resources.properties('AWS::CloudWatch::CompositeAlarm'),
      ].flatMap(({ AlarmActions = [] }) => AlarmActions as unknown[]);
      for (const action of actions.map((each) => JSON.stringify(each))) {
        if (action.includes(':automate:')) continue;
        const { Ref: id } = JSON.parse(action) as { Ref?: string };
        if (id !== undefined && resources.all[id]?.Type === 'AWS::ApplicationAutoScaling::ScalingPolicy') continue;
        const topic = published.find(
          (each) =>
            (each.tier === tier && action === JSON.stringify({ Ref: each.id })) ||
            (each.region === region && action.includes(`:${String(each.name)}"`)),
        );
        expect([action, topic !== undefined]).toEqual([action, true]);
      }
    }
  });

  test('has an expiry alarm in the stack of each public certificate', () => {
    for (const { resources } of all) {
      const watched = resources
        .properties('AWS::CloudWatch::Alarm')
        .filter(({ MetricName }) => MetricName === 'DaysToExpiry')
        .flatMap(({ Dimensions }) => (Dimensions as { Value: unknown }[]).map(({ Value }) => Value));
      for (const arn of certificatesOf(resources)) expect(watched).toContainEqual(arn);
    }
  });
});
