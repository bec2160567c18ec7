import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** The partition in which all services of the platform exist; CloudFront and its web ACLs have no counterpart in the others. */
const supportedPartition = 'aws';

/**
 * Regions that give an account fewer Availability Zones than the three of every other one.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const zonesOfRegion: Readonly<Record<string, number>> = { 'us-west-1': 2 };

/** What is wrong with the regions of a deployment: whether they exist, their partition, and how many zones they have. */
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
      remedy: `${home} gives an account ${zones} Availability Zones; lower it to ${zones}, or choose another region`,
    });
  }
  // A web ACL is in its target's region, and the edge stack in CloudFront's.
  if (ingress.kind === 'public-https' && site && home !== 'us-east-1') {
    problems.push({
      field: 'region',
      value: home,
      remedy: 'a public load balancer beside a console has its web ACL in the stack of CloudFront’s; use us-east-1',
    });
  }
  return problems;
}

function existenceProblems(field: string, region: string): Problem[] {
  const { partition } = RegionInfo.get(region);
  if (partition === supportedPartition) return [];
  const remedy =
    partition === undefined
      ? 'aws-cdk-lib knows no such region; check its spelling, or upgrade aws-cdk-lib if the region is new'
      : `the region is in the partition ${partition}, which lacks services that the platform uses; choose a region of the partition ${supportedPartition}`;
  return [{ field, value: region, remedy }];
}
