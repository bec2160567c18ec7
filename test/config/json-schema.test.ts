import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { overridesJsonSchema } from '../../lib/config/json-schema';

const published = readFileSync(join(__dirname, '../../lib/config/deployment-profile.schema.json'), 'utf8');
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(published) as object);

test('the published schema is the one that the definitions give; `npm run schema` renews it', () => {
  expect(published).toBe(overridesJsonSchema());
});

test.each([
  {},
  { $schema: './lib/config/deployment-profile.schema.json', profile: 'flagship', service: { maxTasks: 20 } },
  { webAcl: null, observability: { tracing: { samplingPercent: 10 } } },
  { database: { backupRetentionDays: 7 } },
])('accepts %j', (overrides) => {
  expect(validate(overrides)).toBe(true);
});

test.each([
  { servce: {} },
  { service: { maxTasks: 0 } },
  { service: null },
  { network: { egress: { kind: 'nat-gateways', instanceType: 't4g.small' } } },
])('refuses %j', (overrides) => {
  expect(validate(overrides)).toBe(false);
});
