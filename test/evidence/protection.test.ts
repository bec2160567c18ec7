import { Assembly } from '../../lib/evidence/assembly';
import { connectionsOf } from '../../lib/evidence/connections';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { storesOf } from '../../lib/evidence/stores';
import { mutated, set } from '../support/evidence/mutations';
import { faultyFolder } from '../support/evidence/faulty';
import { testAssembly, testSources } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

const gaps = (assembly: Assembly) =>
  connectionsOf(assembly)
    .filter(({ isProtected }) => !isProtected)
    .map(({ from, to, protocol }) => `${from} -> ${to}: ${protocol}`);

test.each(builtProfiles)('each store of %s has a key that rotates, except access logs', (profile) => {
  const stores = storesOf(testAssembly(profile));
  expect(stores.length).toBeGreaterThan(20);
  expect(stores.filter(({ protection, isKeyRotated }) => protection !== 'own' || !isKeyRotated)).toEqual(
    stores.filter(({ key, type }) => type === 'AWS::S3::Bucket' && key === 'SSE-S3'),
  );
});

test('without a domain, flagship has two gaps in transit, at both ends of CloudFront', () => {
  expect(gaps(testAssembly('flagship'))).toEqual([
    'Edge/ConsoleSiteDistribution05BAECF2 -> Compute/LoadBalancerAlb240B1141: HTTP',
    'clients of Compute/LoadBalancerAlb240B1141 -> Compute/LoadBalancerAlbListener35F0270D: HTTP',
    'internet -> Edge/ConsoleSiteDistribution05BAECF2: HTTPS, TLS 1.0 or newer',
  ]);
});

test('without a domain, metered reaches the load balancer unencrypted', () => {
  expect(gaps(testAssembly('metered'))).toEqual([
    'Edge/EntranceRestApiE5D2A931 -> Compute/LoadBalancerAlb240B1141: HTTP',
    'clients of Compute/LoadBalancerAlb240B1141 -> Compute/LoadBalancerAlbListener35F0270D: HTTP',
  ]);
});

test.each(['storefront', 'partner', 'compact'])('with its domain, %s has no gap in transit', (profile) => {
  expect(gaps(testAssembly(profile))).toEqual([]);
});

test('an assembly with faults has gaps at rest and in transit', () => {
  const assembly = readAssembly(faultyFolder);
  expect(storesOf(assembly).map(({ resource, protection, note }) => [resource, protection, note])).toEqual([
    ['Shop/Table', 'gap', 'no customer managed key of this assembly'],
    ['Shop/Log', 'gap', 'no customer managed key of this assembly'],
    ['Shop/Database', 'gap', 'not encrypted'],
    ['Shop/Files', 'gap', 'no customer managed key of this assembly'],
    ['Shop/Messages', 'gap', 'no customer managed key of this assembly'],
  ]);
  expect(gaps(assembly)).toEqual([
    'clients in AWS -> Shop/Files: HTTPS or HTTP',
    'clients in AWS -> Shop/Messages: HTTPS or HTTP',
    'clients in the VPC -> Shop/Database: PostgreSQL, TLS optional',
  ]);
});

test.each([
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol', 'HTTP', 2],
  ['AWS::ApiGateway::DomainName', 'SecurityPolicy', 'TLS_1_0', 1],
  ['AWS::RDS::DBClusterParameterGroup', 'Parameters', {}, 1],
  ['AWS::SQS::QueuePolicy', 'PolicyDocument', { Statement: [] }, 2],
])('a change of %s opens gaps', (type, path, value, count) => {
  const changed = mutated(testSources('partner'), { type, edit: set(path, value), change: path });
  expect(gaps(new Assembly(changed))).toHaveLength(count);
});

test('a key that does not rotate is visible', () => {
  const changed = mutated(testSources('partner'), {
    type: 'AWS::KMS::Key',
    edit: set('EnableKeyRotation', false),
    change: 'rotation',
  });
  expect(storesOf(new Assembly(changed)).every(({ isKeyRotated }) => isKeyRotated !== true)).toBe(true);
});
