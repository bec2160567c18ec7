import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { ComputeStack } from '../../lib/compute/compute-stack';
import { computeTier, ownDomain } from '../support/compute-tier';
import { TemplateResources } from '../support/template-resources';

const tiers = {
  built: computeTier({ ...ownDomain, imageRepositoryName: undefined, imageTag: undefined }),
  existing: computeTier(ownDomain),
};
const built = new TemplateResources(tiers.built);
const existing = new TemplateResources(tiers.existing);

/** The image of each task, as one line of text. */
function images(resources: TemplateResources): string[] {
  return resources
    .properties('AWS::ECS::TaskDefinition')
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions as { Image: unknown }[])
    .map(({ Image }) => JSON.stringify(Image));
}

interface DockerImage {
  readonly source: object;
  readonly destinations: Record<string, { readonly repositoryName: string; readonly imageTag: string }>;
}

/** The assets that the CDK CLI builds and publishes before it deploys the tier. */
function published(tier: ComputeStack): DockerImage[] {
  const { directory } = App.of(tier)?.synth() ?? { directory: '' };
  const manifest = readFileSync(join(directory, 'Compute.assets.json'), 'utf8');
  return Object.values((JSON.parse(manifest) as { dockerImages: Record<string, DockerImage> }).dockerImages);
}

test('runs API and migrations with the same image', () => {
  expect(images(built)).toHaveLength(2);
  for (const resources of [built, existing]) expect(new Set(images(resources)).size).toBe(1);
});

test('publishes an ARM image built from source to the repository of the platform', () => {
  const [image, ...others] = published(tiers.built);
  expect(others).toEqual([]);
  expect(image?.source).toMatchObject({ dockerFile: 'app/Dockerfile', platform: 'linux/arm64' });
  const [destination] = Object.values(image?.destinations ?? {});
  expect(destination?.repositoryName).toBe('api-repository-test1');
  expect(images(built)[0]).toContain(`/api-repository-test1:${destination?.imageTag ?? '?'}"`);
});

test('uses an existing image by its tag and builds none', () => {
  expect(published(tiers.existing)).toEqual([]);
  expect(images(existing)[0]).toContain('/payments-api:1.0.0"');
});
