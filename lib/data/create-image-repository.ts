import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ImageSettings } from '../config/platform-settings';
import { assertNever } from '../conventions/assert-never';
import type { ResourceNames } from '../conventions/resource-names';
import { ImageRepository } from './image-repository';

/** The one place that knows for which images a repository is made. */
export function createImageRepository(
  scope: Construct,
  id: string,
  image: ImageSettings,
  props: { readonly names: ResourceNames; readonly key: IKey },
): IRepository | undefined {
  switch (image.kind) {
    case 'built-from-source':
      return new ImageRepository(scope, id, props);
    case 'existing-repository':
      return undefined;
    default:
      return assertNever(image);
  }
}
