import { DefaultStackSynthesizer, type ISynthesisSession } from 'aws-cdk-lib';
import { ArtifactType, type ArtifactManifest } from 'aws-cdk-lib/cloud-assembly-schema';
import type { CloudAssemblyBuilder } from 'aws-cdk-lib/cx-api';

/**
 * A synthesizer whose stack's assets are built only when the stacks that it depends on are deployed.
 *
 * By itself the CDK CLI builds every image before it deploys anything. To build one it looks for the repository, which at the first
 * deployment of an environment is yet to be made; the deployment would fail at once. `--no-asset-prebuild` says the same for all stacks
 * of one command, and would have to be remembered with each.
 */
export class JustInTimeSynthesizer extends DefaultStackSynthesizer {
  override synthesize(session: ISynthesisSession): void {
    const stacks = this.boundStack.dependencies.map(({ artifactId }) => artifactId);
    super.synthesize({ ...session, assembly: assetsAfter(stacks, session.assembly) });
  }
}

/** The assembly, but that asset manifests which are added to it name artifacts to be deployed before. */
function assetsAfter(artifactIds: readonly string[], assembly: CloudAssemblyBuilder): CloudAssemblyBuilder {
  const addArtifact = (id: string, manifest: ArtifactManifest) => {
    const isAssets = manifest.type === ArtifactType.ASSET_MANIFEST;
    const dependencies = [...(manifest.dependencies ?? []), ...artifactIds];
    assembly.addArtifact(id, isAssets ? { ...manifest, dependencies } : manifest);
  };
  return Object.create(assembly, { addArtifact: { value: addArtifact } }) as CloudAssemblyBuilder;
}
