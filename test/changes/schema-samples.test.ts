import { z } from 'zod';
import { contextInputs } from '../../lib/config/context-inputs';
import { deploymentProfile, profileNames } from '../../lib/config/deployment-profile';
import { profiles } from '../../lib/profiles';
import { fieldSamples, inputSamples } from '../support/change-samples';
import { otherValues } from '../support/schema-samples';

const schema = z.toJSONSchema(deploymentProfile.omit({ name: true }), { io: 'output' });

test.each(profileNames)('finds another value for every field of %s', (name) => {
  const fields = otherValues(schema, name, profiles, fieldSamples);
  expect(fields.filter(({ patches }) => patches.length === 0)).toEqual([]);
  expect(fields.length).toBeGreaterThan(50);
});

test('reports a field without a sample by name', () => {
  const { 'network.cidr': _, ...others } = fieldSamples;
  expect(() => otherValues(schema, 'flagship', profiles, others)).toThrow('network.cidr has no other value');
});

test('has samples for every context key', () => {
  expect(Object.keys(inputSamples).sort()).toEqual(Object.keys(contextInputs.shape).sort());
});
