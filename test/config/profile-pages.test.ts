import { profileDefinitions } from '../../lib/profiles';

/** Fields that every page states: the name of a variant, and the tags as a whole. */
const statedEverywhere = /(^|\.)kind$/;

function leaves(value: object, prefix = ''): [field: string, value: string][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, string][] => {
    const field = prefix + name;
    const isPart = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && field !== 'tags';
    return isPart ? leaves(inner, `${field}.`) : [[field, JSON.stringify(inner)]];
  });
}

test('a page states what makes its profile different; what all share is a default of the schema', () => {
  const pages = Object.values(profileDefinitions).map((definition) => new Map(leaves(definition)));
  const fields = new Set(pages.flatMap((page) => [...page.keys()]));
  const shared = [...fields].filter((field) => new Set(pages.map((page) => page.get(field))).size === 1);
  expect(shared.filter((field) => !statedEverywhere.test(field))).toEqual([]);
  expect(fields.size).toBeGreaterThan(20);
});
