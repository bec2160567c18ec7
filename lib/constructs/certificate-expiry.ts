import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from './alarm-definition';

/** ACM renews its own certificates 60 days before they end. */
const days = 30;

/**
 * The alarm on a certificate that ends soon, issued by ACM or imported. It must be in the certificate's region.
 *
 * ACM reports twice a day, and no more once the certificate has expired: missing data keep the state, so the alarm does not end then.
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
