import { crossStackReferences } from '../support/cross-stack-references';
import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { overrides } from '../support/profile-overrides';
import { testPlatform } from '../support/test-platform';

const platforms = Object.fromEntries(
  builtProfiles.map((profile) => [profile, testPlatform(profileContexts[profile])] as const),
);

test.each(builtProfiles)('%s: has strong references within a region and weak ones across regions', (profile) => {
  const { all } = platforms[profile] ?? testPlatform();
  const regionOf = Object.fromEntries(all.map(({ tier, region }) => [tier, region]));
  const wrong = crossStackReferences(all).filter(
    ({ consumer, producer, strength }) => (regionOf[consumer] === regionOf[producer]) !== (strength === 'strong'),
  );
  expect(wrong).toEqual([]);
  const types = all.flatMap(({ resources }) => Object.values(resources.all).map(({ Type }) => Type));
  // What CDK copies strong references between regions with.
  expect(types.filter((type) => type.startsWith('Custom::CrossRegionExport'))).toEqual([]);
});

test('what crosses stacks is what was reviewed', () => {
  const reviewed = Object.fromEntries(
    builtProfiles.map((profile) => {
      const { all } = platforms[profile] ?? testPlatform();
      const lines = crossStackReferences(all).map(
        ({ consumer, producer, strength, target }) =>
          `${producer} -> ${consumer}: ${target}${strength === 'weak' ? ' (weak)' : ''}`,
      );
      return [profile, [...new Set(lines)].sort()];
    }),
  );
  expect(reviewed).toMatchSnapshot();
});

/** Resources that ordinary deployments replace. */
const replacedByDeployments = ['AWS::EC2::Instance', 'AWS::ECS::TaskDefinition', 'AWS::ApiGateway::Deployment'];

test.each(builtProfiles)('%s: has no cross-stack reference to resources that deployments replace', (profile) => {
  const { all } = platforms[profile] ?? testPlatform();
  const targets = crossStackReferences(all).map(({ target }) => target.split(' ')[0]);
  expect(targets.filter((type) => replacedByDeployments.includes(type ?? ''))).toEqual([]);
});

describe('a new id in the network changes every stack that uses it', () => {
  test.each([
    ['another address range', { network: { cidr: '10.1.0.0/16' } }],
    ['other subnet tiers', { network: { subnetTiers: 'public-app' } }],
    ['fewer zones', { network: { availabilityZoneCount: 2, egress: { count: 2 } } }],
  ])('%s', (_what, patch) => {
    const changed = testPlatform(overrides(patch));
    const before = platforms['flagship'] ?? testPlatform();
    const differs = (tier: string) => {
      const of = ({ all }: typeof before) =>
        JSON.stringify(all.find((stack) => stack.tier === tier)?.resources.template.toJSON());
      return of(before) !== of(changed);
    };
    expect(differs('network')).toBe(true);
    // Either its own template changes, or CloudFormation refuses to replace what it has exported.
    for (const { consumer, producer, strength } of crossStackReferences(changed.all)) {
      if (producer === 'network') expect(differs(consumer) || strength === 'strong').toBe(true);
    }
  });
});
