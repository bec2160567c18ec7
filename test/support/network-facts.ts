import { referenceOf, type TemplateResource, type TemplateResources } from './template-resources';

/** What requirements ask of a network's template, in few words. */

const subnetsOf = (network: TemplateResources) => network.properties('AWS::EC2::Subnet');

/** How many zones its subnets are in. */
export function zoneCount(network: TemplateResources): number {
  return new Set(subnetsOf(network).map(({ AvailabilityZone }) => JSON.stringify(AvailabilityZone))).size;
}

/** The tier of one subnet, as CDK tags it. */
export function tierOf(subnet: TemplateResource['Properties']): string | undefined {
  const tags = subnet['Tags'] as { Key: string; Value: string }[];
  return tags.find(({ Key }) => Key === 'aws-cdk:subnet-name')?.Value;
}

/** The tier of every subnet, sorted. */
export function subnetTiers(network: TemplateResources): (string | undefined)[] {
  return subnetsOf(network).map(tierOf).sort();
}

/** How many route tables its subnets use. */
export function routeTableCount(network: TemplateResources): number {
  const tables = network
    .properties('AWS::EC2::SubnetRouteTableAssociation')
    .map(({ RouteTableId }) => referenceOf(RouteTableId));
  return new Set(tables).size;
}

/** What addresses may enter which group: name, range, first and last port. */
export function openRanges(network: TemplateResources): unknown[][] {
  return network
    .properties('AWS::EC2::SecurityGroup')
    .flatMap(({ GroupName, SecurityGroupIngress }) =>
      ((SecurityGroupIngress ?? []) as Record<string, unknown>[]).map(({ CidrIp, FromPort, ToPort }) => [
        GroupName,
        CidrIp,
        FromPort,
        ToPort,
      ]),
    );
}
