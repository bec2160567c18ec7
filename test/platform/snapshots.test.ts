import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { testPlatform, tiers } from '../support/test-platform';

/** Hashes of bundles, images and pages change with every line of code; where they stand does not. */
function withoutHashes(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, '<asset hash>'));
}

describe.each(builtProfiles)('%s', (profile) => {
  const { templates } = testPlatform(profileContexts[profile]);

  test.each(tiers)('what CloudFormation gets of the %s tier is what was reviewed', (tier) => {
    expect(withoutHashes(templates[tier].template.toJSON())).toMatchSnapshot();
  });
});
