import { leaves } from '../../lib/config/recorded-settings';
import { profileDefinitions } from '../../lib/profiles';

/** Fields that every page states: the name of a variant, and the tags as a whole. */
const statedEverywhere = /(^|\.)kind$/;

test('defines in profiles only values that differ between profiles', () => {
  const pages = Object.values(profileDefinitions).map((definition) => new Map(leaves(definition)));
  const fields = new Set(pages.flatMap((page) => [...page.keys()]));
  const shared = [...fields].filter(
    (field) => new Set(pages.map((page) => JSON.stringify(page.get(field)))).size === 1,
  );
  expect(shared.filter((field) => !statedEverywhere.test(field))).toEqual([]);
  expect(fields.size).toBeGreaterThan(20);
});
