import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ImageSettings } from '../config/platform-settings';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { ImageRepository } from './image-repository';

/** Creates the ECR repository if an image is built: that of the API, or that of the trace collector. */
export function createImageRepository(
  scope: Construct,
  id: string,
  image: ImageSettings,
  props: { readonly names: ResourceNames; readonly key: IKey; readonly holdsCollector: boolean },
): void {
  switch (image.kind) {
    case 'built-from-source':
      new ImageRepository(scope, id, props);
      return;
    case 'existing-repository':
      if (props.holdsCollector) new ImageRepository(scope, id, props);
      return;
    default:
      assertNever(image);
  }
}
