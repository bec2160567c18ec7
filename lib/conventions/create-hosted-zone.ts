import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../config/configuration-error';
import type { DomainSettings } from '../config/platform-settings';
import { assertNever } from './assert-never';

/** The one place that knows where each kind of hosted zone comes from. */
export function createHostedZone(scope: Construct, id: string, { domainName, zone }: DomainSettings): IHostedZone {
  switch (zone.kind) {
    case 'existing':
      return HostedZone.fromHostedZoneAttributes(scope, id, { hostedZoneId: zone.hostedZoneId, zoneName: domainName });
    case 'created':
      throw new UnbuiltVariantError('domain.zone', zone.kind, ['existing']);
    default:
      return assertNever(zone);
  }
}
