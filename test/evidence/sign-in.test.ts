import { costOf } from '../../lib/evidence/cost/cost';
import { unknownTypes } from '../../lib/evidence/resource-types';
import { storesOf } from '../../lib/evidence/stores';
import { testAssembly } from '../support/evidence/test-assembly';
import { overrides } from '../support/profile-overrides';

const assembly = testAssembly('storefront', overrides({ signIn: { kind: 'cognito' } }));

test('the evidence knows every type of a user pool', () => {
  expect(assembly.types.filter((type) => type.startsWith('AWS::Cognito::')).length).toBeGreaterThan(3);
  expect(unknownTypes(assembly.types)).toEqual([]);
});

test('a user pool is a store that AWS encrypts, and the client secret is one of ours', () => {
  const stores = storesOf(assembly);
  expect(stores.filter(({ type }) => type === 'AWS::Cognito::UserPool')).toMatchObject([
    { key: 'AWS owned', protection: 'aws' },
  ]);
  expect(stores.filter(({ protection }) => protection === 'gap')).toEqual([]);
});

test('persons have a price', () => {
  const { unpriced, lines } = costOf(assembly, { rate: 0 });
  expect(unpriced).toEqual([]);
  expect(lines.find(({ item }) => item === 'Persons who sign in')?.idle).toBeCloseTo(20 * 0.02, 2);
});
