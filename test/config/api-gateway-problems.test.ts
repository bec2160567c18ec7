import { apiGatewayProblems } from '../../lib/config/api-gateway-problems';
import type { DeploymentProfile } from '../../lib/config/deployment-profile';
import { profiles } from '../../lib/profiles';
import { testSettings } from '../support/test-app';

const { metered, partner } = profiles;

const fieldsOf = (profile: DeploymentProfile) => apiGatewayProblems(profile).map(({ field }) => field);
const { apiGateway: _, ...withoutLimits } = metered;

test('accepts the two profiles with an API Gateway', () => {
  expect([metered, partner].flatMap(fieldsOf)).toEqual([]);
});

test.each<[string, DeploymentProfile, string[]]>([
  ['an API Gateway without limits', withoutLimits, ['apiGateway']],
  [
    'limits of an API Gateway that is not the way in',
    { ...metered, ingress: { kind: 'public-https' } },
    ['ingress.kind'],
  ],
  ['a console beside it', { ...metered, site: { assetMaxAgeDays: 1 } }, ['site']],
  ['mutual TLS without a name', { ...partner, domain: { zone: 'existing', required: false } }, ['domain']],
  ['mutual TLS in a zone of its own', { ...partner, domain: { zone: 'created', required: true } }, ['domain']],
])('%s is refused', (_name, profile, fields) => {
  expect(fieldsOf(profile)).toEqual(fields);
  for (const { message } of apiGatewayProblems(profile)) expect(message).toMatch(/\. .+\.$/);
});

describe('Availability Zones by name', () => {
  const zonesOf = (availabilityZones: string) =>
    testSettings({ profile: 'metered', availabilityZones }).availabilityZones;

  test('accepts as many zones as the profile has, in its region', () => {
    expect(zonesOf('ap-southeast-1a,ap-southeast-1c,ap-southeast-1b')).toEqual([
      'ap-southeast-1a',
      'ap-southeast-1c',
      'ap-southeast-1b',
    ]);
    expect(testSettings().availabilityZones).toBeUndefined();
  });

  test.each([
    ['ap-southeast-1a,ap-southeast-1b', /Pass 3 different zones/],
    ['ap-southeast-1a,ap-southeast-1b,ap-southeast-1b', /Pass 3 different zones/],
    ['ap-southeast-1a,ap-southeast-1b,ap-southeast-1c,ap-southeast-1d', /Pass 3 different zones/],
    ['us-east-1a,us-east-1b,us-east-1c', /Pass zones of ap-southeast-1, such as ap-southeast-1a/],
    ['ap-southeast-1a ap-southeast-1b', /Separate zone names with commas/],
  ])('%s is refused', (zones, message) => {
    expect(() => zonesOf(zones)).toThrow(message);
  });
});
