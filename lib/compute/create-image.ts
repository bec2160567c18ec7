import { join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ImageSettings } from '../config/platform-settings';
import { assertNever } from '../core/assert-never';

const repositoryRoot = join(__dirname, '..', '..');

/** The API's image. */
export interface ApiImage {
  readonly image: ContainerImage;
  /** Changes with the content of the image. */
  readonly version: string;
}

/** Builds the API image, or imports an existing one. */
export function createImage(scope: Construct, id: string, image: ImageSettings): ApiImage {
  switch (image.kind) {
    case 'built-from-source': {
      const asset = new DockerImageAsset(scope, id, {
        displayName: 'payments API',
        directory: repositoryRoot,
        file: 'app/Dockerfile',
        platform: Platform.LINUX_ARM64,
        // `.dockerignore` selects the content, so that other files do not change the tag.
        ignoreMode: IgnoreMode.DOCKER,
      });
      return { image: ContainerImage.fromDockerImageAsset(asset), version: asset.assetHash };
    }
    case 'existing-repository': {
      const repository = Repository.fromRepositoryName(scope, id, image.repositoryName);
      return { image: ContainerImage.fromEcrRepository(repository, image.tag), version: image.tag };
    }
    default:
      return assertNever(image);
  }
}
