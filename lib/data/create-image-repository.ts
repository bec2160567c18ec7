import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ImageSettings } from '../config/platform-settings';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { ImageRepository } from './image-repository';

/** The one place that knows for which images a repository is made: the API's, and what stands beside it in its tasks. */
export function createImageRepository(
  scope: Construct,
  id: string,
  image: ImageSettings,
  props: { readonly names: ResourceNames; readonly key: IKey; readonly holdsCollector: boolean },
): IRepository | undefined {
  switch (image.kind) {
    case 'built-from-source':
      return new ImageRepository(scope, id, props);
    case 'existing-repository':
      return props.holdsCollector ? new ImageRepository(scope, id, props) : undefined;
    default:
      return assertNever(image);
  }
}
