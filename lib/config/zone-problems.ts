import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** Checks zones that are passed by name: as many as the profile has, without duplicates, in the home region. */
export function zoneProblems({ network, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  if (inputs.availabilityZones === undefined) return [];
  const zones = inputs.availabilityZones.split(',');
  const home = inputs.region ?? region;
  const refuse = (message: string): Problem => ({
    field: 'availabilityZones',
    value: inputs.availabilityZones,
    message,
  });
  const { availabilityZoneCount: count } = network;
  return [
    ...(new Set(zones).size === count && zones.length === count
      ? []
      : [refuse(`Pass ${count} different zones, as many as network.availabilityZoneCount.`)]),
    ...(zones.every((zone) => zone.slice(0, -1) === home) ? [] : [refuse(`Pass zones of ${home}, such as ${home}a.`)]),
  ];
}
