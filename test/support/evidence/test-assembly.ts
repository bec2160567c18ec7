import { Assembly } from '../../../lib/evidence/assembly';
import type { StackSource } from '../../../lib/evidence/resolve-values';
import { profileContexts } from '../profile-contexts';
import { testPlatform } from '../test-platform';

type Context = Readonly<Record<string, string>>;

/** The templates of a profile, as the reader of assemblies would find them. @param further context besides what the profile needs */
export function testSources(profile: string, further: Context = {}): StackSource[] {
  return testPlatform({ ...profileContexts[profile], ...further }).all.map(
    ({ tier, stackName, region, resources }) => ({
      id: tier.charAt(0).toUpperCase() + tier.slice(1),
      name: stackName,
      region,
      account: '111122223333',
      template: resources.template.toJSON(),
    }),
  );
}

/** The assembly of a profile. Templates are synthesized once a run. */
export const testAssembly = (profile: string, further?: Context): Assembly =>
  new Assembly(testSources(profile, further));
