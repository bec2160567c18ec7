import { DefaultStackSynthesizer, type ISynthesisSession } from 'aws-cdk-lib';
import { ArtifactType, type ArtifactManifest } from 'aws-cdk-lib/cloud-assembly-schema';
import type { CloudAssemblyBuilder } from 'aws-cdk-lib/cx-api';

/**
 * A synthesizer that makes the CDK CLI build the assets of a stack after the deployment of its dependencies.
 *
 * By default, the CLI builds all images before it deploys anything, and looks for their repository. At the first deployment of an
 * environment, the repository does not exist yet and the build fails. `--no-asset-prebuild` was rejected, because each command would need
 * it.
 */
export class JustInTimeSynthesizer extends DefaultStackSynthesizer {
  override synthesize(session: ISynthesisSession): void {
    const stacks = this.boundStack.dependencies.map(({ artifactId }) => artifactId);
    super.synthesize({ ...session, assembly: assetsAfter(stacks, session.assembly) });
  }
}

/** Wraps an assembly, so that asset manifests that are added to it depend on the artifacts. */
function assetsAfter(artifactIds: readonly string[], assembly: CloudAssemblyBuilder): CloudAssemblyBuilder {
  const addArtifact = (id: string, manifest: ArtifactManifest) => {
    const isAssets = manifest.type === ArtifactType.ASSET_MANIFEST;
    const dependencies = [...(manifest.dependencies ?? []), ...artifactIds];
    assembly.addArtifact(id, isAssets ? { ...manifest, dependencies } : manifest);
  };
  return Object.create(assembly, { addArtifact: { value: addArtifact } }) as CloudAssemblyBuilder;
}
