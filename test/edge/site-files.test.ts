import { testPlatform } from '../support/test-platform';

const { edge } = testPlatform().templates;
const deployments = edge.entries('Custom::CDKBucketDeployment').map(([id, resource]) => ({ id, ...resource }));
const [assets, pages] = deployments;

test('files with hashed names are published first, and may be kept by browsers for ever', () => {
  expect(assets?.Properties).toMatchObject({
    Exclude: ['*'],
    Include: ['assets/*'],
    SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
  expect(pages?.DependsOn).toContain(assets?.id);
});

test('pages and configuration are asked for each time, and forgotten by the edge', () => {
  expect(pages?.Properties).toMatchObject({
    Exclude: ['assets/*'],
    SystemMetadata: { 'cache-control': 'no-cache' },
    DistributionPaths: ['/', '/index.html', '/config.json'],
  });
});

test('files of earlier versions stay for browsers that are open', () => {
  for (const { Properties } of deployments) expect(Properties['Prune']).toBe(false);
});
