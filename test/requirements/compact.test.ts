import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';
import { compact } from './compact';

const platform = testPlatform(profileContexts['compact']);

test.each(compact.map((row) => [row.cell, row.demand, row] as const))('%s: %s', (_cell, _demand, { proof }) => {
  proof(platform);
});
