import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { expectReviewedTemplate, expectReviewedTemplates, reviewedForm } from '../support/template-snapshots';
import { testSettings } from '../support/test-app';
import { testPlatform } from '../support/test-platform';

const platforms = builtProfiles.map((profile) => {
  const context = profileContexts[profile];
  return { profile, stacks: testPlatform(context).all, tags: testSettings(context).profile.tags };
});

describe.each(platforms)('$profile', ({ profile, stacks, tags }) => {
  test.each(stacks)('the template of the $tier stack is the reviewed one', ({ tier, resources }) => {
    expectReviewedTemplate(`${profile}/${tier}.json`, reviewedForm(resources.template.toJSON(), tags));
  });
});

test('every reviewed template belongs to a stack', () => {
  expectReviewedTemplates(
    platforms.flatMap(({ profile, stacks }) => stacks.map(({ tier }) => `${profile}/${tier}.json`)),
  );
});
