import { ResourceNames } from '../../lib/core/resource-names';

test('puts the purpose first with type-suffix', () => {
  const names = new ResourceNames('type-suffix', 'pr123');
  expect(names.of('vpc')).toBe('vpc-pr123');
  expect(names.of('security-group', 'api')).toBe('api-security-group-pr123');
});

test('puts the type first with type-purpose-suffix, always with a purpose', () => {
  const names = new ResourceNames('type-purpose-suffix', 'pr123');
  expect(names.of('vpc')).toBe('vpc-payments-pr123');
  expect(names.of('security-group', 'api')).toBe('security-group-api-pr123');
});

test('refuses a name that is too long for AWS, with its length and the remedy', () => {
  const names = new ResourceNames('type-suffix', 'abcdefghijkl');
  expect(() => names.of('target-group', 'far-too-long')).toThrow(
    "The name 'far-too-long-target-group-abcdefghijkl' of a target-group has 38 characters, and AWS allows 32. Shorten environmentSuffix.",
  );
});
