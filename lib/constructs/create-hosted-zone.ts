import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { DomainSettings } from '../config/platform-settings';
import { assertNever } from '../core/assert-never';
import { OwnHostedZone } from './own-hosted-zone';
import type { ResourceNames } from '../core/resource-names';

/** Imports or creates the hosted zone of a domain. */
export function createHostedZone(
  scope: Construct,
  id: string,
  { domainName, zone }: DomainSettings,
  names: ResourceNames,
): IHostedZone {
  switch (zone.kind) {
    case 'existing':
      return HostedZone.fromHostedZoneAttributes(scope, id, { hostedZoneId: zone.hostedZoneId, zoneName: domainName });
    case 'created':
      return new OwnHostedZone(scope, id, { zoneName: domainName, names }).zone;
    default:
      return assertNever(zone);
  }
}
