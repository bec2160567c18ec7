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

test('the published schema is the one that the definitions give; `npm run schema` renews it', () => {
  expect(published).toBe(overridesJsonSchema());
});

test('the configuration page is the one that the definitions give; `npm run schema` renews it', () => {
  expect(readFileSync(join(__dirname, '../../lib/config/CONFIGURATION.md'), 'utf8')).toBe(configurationPage());
});

test('the configuration page explains every option of the command line and every field', () => {
  const page = configurationPage();
  for (const [key, { description }] of Object.entries(contextInputs.shape)) {
    expect([key, description]).toEqual([key, expect.stringMatching(/\.$/)]);
    expect(page).toContain(`| \`${key}\` `);
  }
  for (const field of profileFieldNames()) expect(page).toMatch(new RegExp(`[.\`[]${field}[\\]\`]`));
});

test('the schema describes optional fields', () => {
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
