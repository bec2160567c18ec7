import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** The only partition that offers all services of the platform; the others lack CloudFront with AWS WAF. */
const supportedPartition = 'aws';

/**
 * regions that offer an account fewer than three Availability Zones.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const zonesOfRegion: Readonly<Record<string, number>> = { 'us-west-1': 2 };

/** regions that do not exist, are in another partition or have too few Availability Zones. */
export function regionProblems(profile: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const { documents, ingress, network, site } = profile;
  const home = inputs.region ?? profile.region;
  const problems = [
    ...existenceProblems('region', home),
    ...(documents ? existenceProblems('documents.replicaRegion', documents.replicaRegion) : []),
  ];
  const zones = zonesOfRegion[home] ?? 3;
  if (network.availabilityZoneCount > zones) {
    problems.push({
      field: 'network.availabilityZoneCount',
      value: network.availabilityZoneCount,
      message: `${home} offers an account ${zones} Availability Zones. Lower the count to ${zones}, or use another region.`,
    });
  }
  // A web ACL is created in the region of its resource, and in us-east-1 for CloudFront. The edge stack holds both.
  if (ingress.kind === 'public-https' && site && home !== 'us-east-1') {
    problems.push({
      field: 'region',
      value: home,
      message:
        'The web ACLs of the load balancer and of the console are in one stack, and CloudFront needs its own in us-east-1. Use us-east-1.',
    });
  }
  return problems;
}

function existenceProblems(field: string, region: string): Problem[] {
  const { partition } = RegionInfo.get(region);
  if (partition === supportedPartition) return [];
  const message =
    partition === undefined
      ? 'aws-cdk-lib does not list this region. Check the spelling, or upgrade aws-cdk-lib if the region is new.'
      : `The region is in the partition ${partition}, which lacks services that the platform uses. Use a region of the partition ${supportedPartition}.`;
  return [{ field, value: region, message }];
}
