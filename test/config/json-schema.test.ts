import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { contextInputs } from '../../lib/config/context-inputs';
import { deploymentProfile } from '../../lib/config/deployment-profile';
import { profileFieldNames } from '../../lib/config/profile-overrides';
import { configurationPage } from '../../lib/config/configuration-page';
import { overridesJsonSchema } from '../../lib/config/json-schema';

const published = readFileSync(join(__dirname, '../../lib/config/deployment-profile.schema.json'), 'utf8');
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(published) as object);

test('the published schema is up to date; `npm run schema` updates it', () => {
  expect(published).toBe(overridesJsonSchema());
});

test('the configuration page is up to date; `npm run schema` updates it', () => {
  expect(readFileSync(join(__dirname, '../../lib/config/CONFIGURATION.md'), 'utf8')).toBe(configurationPage());
});

test('describes every context key and every field on the configuration page', () => {
  const page = configurationPage();
  for (const [key, { description }] of Object.entries(contextInputs.shape)) {
    expect([key, description]).toEqual([key, expect.stringMatching(/\.$/)]);
    expect(page).toContain(`| \`${key}\` `);
  }
  for (const field of profileFieldNames()) expect(page).toMatch(new RegExp(`[.\`[]${field}[\\]\`]`));
});

test('describes optional fields in the schema', () => {
  const { properties } = JSON.parse(published) as { properties: Record<string, { description?: string }> };
  for (const [field, type] of Object.entries(deploymentProfile.shape)) {
    if (type.description === undefined) continue;
    expect([field, properties[field]?.description]).toEqual([field, expect.stringContaining(type.description)]);
  }
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
