import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** Zones that are named by hand: as many as the profile has, each once, all of the home region. */
export function zoneProblems({ network, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  if (inputs.availabilityZones === undefined) return [];
  const zones = inputs.availabilityZones.split(',');
  const home = inputs.region ?? region;
  const refuse = (remedy: string): Problem => ({ field: 'availabilityZones', value: inputs.availabilityZones, remedy });
  const { availabilityZoneCount: count } = network;
  return [
    ...(new Set(zones).size === count && zones.length === count ? [] : [refuse(`name ${count} different zones`)]),
    ...(zones.every((zone) => zone.slice(0, -1) === home) ? [] : [refuse(`name zones of ${home}, such as ${home}a`)]),
  ];
}
