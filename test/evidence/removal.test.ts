import { Assembly } from '../../lib/evidence/assembly';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { remaindersOf } from '../../lib/evidence/removal';
import { faultyFolder } from '../support/evidence/faulty';
import { type Mutation, mutated, set } from '../support/evidence/mutations';
import { testAssembly, testSources } from '../support/evidence/test-assembly';

const fates = (assembly: Assembly) =>
  remaindersOf(assembly)
    .filter(({ type }) => type !== 'AWS::KMS::Key')
    .map(({ resource, fate }) => `${resource} ${fate}`);

test.each(['flagship', 'metered'])('%s leaves nothing but keys, for seven days', (profile) => {
  expect(fates(testAssembly(profile))).toEqual([]);
  const keys = remaindersOf(testAssembly(profile));
  expect(keys.length).toBeGreaterThan(5);
  expect(keys.every(({ fate, explanation }) => fate === 'delayed' && explanation.includes('after 7 days'))).toBe(true);
});

test.each(['storefront', 'partner'])('%s leaves validation records in a zone that existed before', (profile) => {
  const remaining = remaindersOf(testAssembly(profile)).filter(({ fate }) => fate !== 'delayed');
  expect(remaining.length).toBeGreaterThan(0);
  expect(
    remaining.every(({ fate, type }) => fate === 'outside' && type === 'AWS::CertificateManager::Certificate'),
  ).toBe(true);
});

test('compact refuses deletion until it is allowed', () => {
  expect(fates(testAssembly('compact'))).toEqual(['Data/DatabaseInstanceAA8A5FDE blocked']);
});

test.each<[string, Omit<Mutation, 'claim' | 'profile'>, string]>([
  [
    'a bucket that nothing empties',
    { type: 'Custom::S3AutoDeleteObjects', edit: () => false, change: 'no emptying' },
    'blocked',
  ],
  [
    'a repository with images',
    { type: 'AWS::ECR::Repository', edit: set('EmptyOnDelete', false), change: 'images' },
    'blocked',
  ],
  [
    'deletion protection',
    { type: 'AWS::RDS::DBCluster', edit: set('DeletionProtection', true), change: 'protection' },
    'blocked',
  ],
  [
    'backups of an instance',
    { type: 'AWS::RDS::DBInstance', edit: set('DeleteAutomatedBackups', false), change: 'backups' },
    'kept',
  ],
])('reports %s', (_, mutation, fate) => {
  const found = fates(new Assembly(mutated(testSources('flagship'), mutation)));
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((each) => each.endsWith(fate))).toBe(true);
});

test('an assembly with faults keeps its bucket and a snapshot', () => {
  expect(fates(readAssembly(faultyFolder))).toEqual(['Shop/Database kept', 'Shop/Files kept']);
});

test('a database without a deletion policy leaves a snapshot, as CloudFormation’s default does', () => {
  const template = {
    Resources: {
      Cluster: { Type: 'AWS::RDS::DBCluster' },
      Member: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Cluster' } } },
      Alone: { Type: 'AWS::RDS::DBInstance' },
    },
  };
  const assembly = new Assembly([{ id: 'Main', name: 'main', region: 'eu-south-2', account: '1', template }]);
  expect(fates(assembly)).toEqual(['Main/Alone kept', 'Main/Cluster kept']);
});
