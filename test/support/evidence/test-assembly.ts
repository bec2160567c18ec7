import { Assembly } from '../../../lib/evidence/assembly';
import type { StackSource } from '../../../lib/evidence/resolve-values';
import { profileContexts } from '../profile-contexts';
import { testPlatform } from '../test-platform';

/** The templates of a profile, as the reader of assemblies would find them. */
export function testSources(profile: string): StackSource[] {
  return testPlatform(profileContexts[profile]).all.map(({ tier, stackName, region, resources }) => ({
    id: tier.charAt(0).toUpperCase() + tier.slice(1),
    name: stackName,
    region,
    account: '111122223333',
    template: resources.template.toJSON(),
  }));
}

/** The assembly of a profile. Templates are synthesized once a run. */
export const testAssembly = (profile: string): Assembly => new Assembly(testSources(profile));
