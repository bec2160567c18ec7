import { Assembly } from '../../lib/evidence/assembly';
import { type CostEstimate, costOf } from '../../lib/evidence/cost/cost';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { faultyFolder } from '../support/evidence/faulty';
import { mutated, set } from '../support/evidence/mutations';
import { testAssembly, testSources } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

const idleOf = ({ lines }: CostEstimate, item: string) =>
  lines.filter((line) => line.item === item).reduce((sum, { idle }) => sum + idle, 0);

test.each(builtProfiles)('each type of %s has a price or none of its own', (profile) => {
  const estimate = costOf(testAssembly(profile), { rate: 10 });
  expect(estimate.unpriced).toEqual([]);
  expect(estimate.loaded).toBeGreaterThan(estimate.idle);
  const sum = estimate.lines.reduce((total, { idle }) => total + idle, 0);
  expect(estimate.idle).toBeCloseTo(sum, 1);
});

/* Calculated by hand from the specification of flagship: quantity × hours × price. */
test.each([
  ['NAT gateways', 3 * 730 * 0.045],
  ['Database instances', 2 * 730 * 0.073],
  ['Interface endpoints', 4 * 3 * 730 * 0.01],
  // Three tasks, although the template's desired count is 0.
  ['Fargate processors', 3 * 0.5 * 730 * 0.03238],
  ['Fargate memory', 3 * 1 * 730 * 0.00356],
  ['Load balancers', 730 * 0.0225],
  ['Load balancer capacity', 730 * 0.008],
  ['Public addresses', (3 + 3) * 730 * 0.005],
  ['KMS keys', 10 * 1],
  ['Web ACLs', 5],
  ['Secrets', 4 * 0.4],
])('%s of flagship cost what a calculation by hand gives', (item, expected) => {
  expect(idleOf(costOf(testAssembly('flagship'), { rate: 0 }), item)).toBeCloseTo(expected, 1);
});

test('without payments, both estimates are the same', () => {
  const { idle, loaded } = costOf(testAssembly('partner'), { rate: 0 });
  expect(loaded).toBe(idle);
});

test('tasks grow with the rate, up to the maximum', () => {
  const processors = (rate: number) =>
    costOf(testAssembly('flagship'), { rate }).lines.find(({ item }) => item === 'Fargate processors');
  expect(processors(60)?.loadedQuantity).toBe(3 * 0.5 * 730);
  expect(processors(100)?.loadedQuantity).toBe(4 * 0.5 * 730);
  expect(processors(10_000)?.loadedQuantity).toBe(10 * 0.5 * 730);
  expect(processors(10_000)?.idleQuantity).toBe(3 * 0.5 * 730);
});

test('serverless instances grow with the rate, up to their maximum', () => {
  const capacity = (rate: number) =>
    costOf(testAssembly('metered'), { rate }).lines.find(({ item }) => item === 'Database instances');
  expect(capacity(0)).toMatchObject({ idleQuantity: 3 * 0.5 * 730, loadedQuantity: 3 * 0.5 * 730, unitPrice: 0.12 });
  expect(capacity(1000)?.loadedQuantity).toBe(3 * 2 * 730);
});

test('composite alarms and the metrics of the alarms below them have lines of their own', () => {
  const estimate = costOf(testAssembly('flagship'), { rate: 0 });
  // One of deployments, and two of each of the three objectives.
  expect(estimate.lines.find(({ item }) => item === 'Composite alarms')).toMatchObject({
    idleQuantity: 7,
    unitPrice: 0.5,
  });
  // Five metrics for each of six alarms on availability, two for those on latency and freshness.
  expect(estimate.lines.find(({ item }) => item === 'Alarms')?.idleQuantity).toBeGreaterThan(6 * (5 + 2 + 2));
});

test('types and classes without a price are listed, and never cost zero silently', () => {
  expect(costOf(readAssembly(faultyFolder), { rate: 10 }).unpriced).toEqual(['AWS::DynamoDB::Table']);
  const changed = mutated(testSources('flagship'), {
    type: 'AWS::RDS::DBInstance',
    edit: set('DBInstanceClass', 'db.x9.huge'),
    change: 'class',
  });
  expect(costOf(new Assembly(changed), { rate: 10 }).unpriced).toEqual([
    'AWS::RDS::DBInstance: prices.json has no price db.x9.huge-aurora-hour.',
  ]);
});

test('advises settings that at least halve a line', () => {
  const { advice } = costOf(testAssembly('flagship'), { rate: 10 });
  expect(advice.map(({ setting, saving }) => [setting, saving])).toEqual([
    ['network.privateEndpoints: false', 87.6],
    ['network.egress.count: 1', 65.7],
    ['service.minTasks: 1', 28.84],
  ]);
});

test('a service without scaling costs its desired count', () => {
  const changed = mutated(testSources('flagship'), {
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    edit: () => false,
    change: 'scaling',
  });
  expect(idleOf(costOf(new Assembly(changed), { rate: 10 }), 'Fargate processors')).toBe(0);
});

test('partner pays instances instead of NAT gateways', () => {
  const estimate = costOf(testAssembly('partner'), { rate: 0 });
  expect(idleOf(estimate, 'NAT gateways')).toBe(0);
  expect(idleOf(estimate, 'EC2 instances')).toBeCloseTo(3 * 730 * 0.0168, 1);
  expect(idleOf(estimate, 'Volumes of instances')).toBeCloseTo(3 * 8 * 0.08, 1);
});

test('compact pays a standby', () => {
  const estimate = costOf(testAssembly('compact'), { rate: 0 });
  expect(idleOf(estimate, 'Database instances')).toBeCloseTo(730 * 0.036, 1);
  expect(idleOf(estimate, 'Database storage')).toBeCloseTo(20 * 0.23, 1);
});
