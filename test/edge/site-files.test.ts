import { testPlatform } from '../support/test-platform';

const { edge } = testPlatform().templates;
const deployments = edge.entries('Custom::CDKBucketDeployment').map(([id, resource]) => ({ id, ...resource }));
const [assets, pages] = deployments;

test('publishes files with hashed names first, with an immutable cache', () => {
  expect(assets?.Properties).toMatchObject({
    Exclude: ['*'],
    Include: ['assets/*'],
    SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
  expect(pages?.DependsOn).toContain(assets?.id);
});

test('publishes pages and configuration without caching and invalidates them', () => {
  expect(pages?.Properties).toMatchObject({
    Exclude: ['assets/*'],
    SystemMetadata: { 'cache-control': 'no-cache' },
    DistributionPaths: ['/', '/index.html', '/config.json', '/reference.html', '/problems/*'],
  });
});

test('keeps files of earlier versions for open browsers', () => {
  for (const { Properties } of deployments) expect(Properties['Prune']).toBe(false);
});
