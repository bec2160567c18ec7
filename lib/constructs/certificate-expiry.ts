import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from './alarm-definition';

/** ACM renews its certificates 60 days before they expire. */
const days = 30;

/**
 * The alarm on the expiry of a certificate, issued by ACM or imported. It must be in the region of the certificate.
 *
 * ACM publishes the metric twice a day until the certificate expires. Missing data keeps the state, so the alarm stays in ALARM afterwards.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
export function certificateExpiry(id: string, certificate: ICertificate, use: string): AlarmDefinition {
  return {
    id,
    severity: 'page',
    meaning: `The certificate ${use} expires within ${days} days and was not renewed.`,
    firstLook: 'Look at the certificate in ACM and at its validation record in the hosted zone.',
    metric: certificate.metricDaysToExpiry({ period: Duration.days(1) }),
    threshold: days,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missingData: TreatMissingData.IGNORE,
  };
}
