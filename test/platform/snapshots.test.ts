import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

/** Hashes of bundles, images and pages change with every line of code; where they stand does not. */
function withoutHashes(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, '<asset hash>'));
}

describe.each(builtProfiles)('%s', (profile) => {
  const { all } = testPlatform(profileContexts[profile]);

  test.each(all)('what CloudFormation gets of the $tier tier is what was reviewed', ({ resources }) => {
    expect(withoutHashes(resources.template.toJSON())).toMatchSnapshot();
  });
});
