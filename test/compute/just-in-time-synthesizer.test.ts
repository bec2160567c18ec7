import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { AssetManifestArtifact } from 'aws-cdk-lib/cx-api';
import { JustInTimeSynthesizer } from '../../lib/compute/just-in-time-synthesizer';

test('builds the assets of a stack after its dependencies, without delaying other artifacts', () => {
  const app = new App({ analyticsReporting: false });
  const [first, second] = [new Stack(app, 'First'), new Stack(app, 'Second')];
  const late = new Stack(app, 'Late', { synthesizer: new JustInTimeSynthesizer({ qualifier: 'other1' }) });
  late.addStackDependency(first);
  new Asset(late, 'File', { path: join(__dirname, 'just-in-time-synthesizer.test.ts') });
  const assembly = app.synth();

  const dependenciesOf = (id: string) =>
    assembly.artifacts.find((artifact) => artifact.id === id)?.dependencies.map((artifact) => artifact.id);
  expect(dependenciesOf('Late.assets')).toEqual(['First']);
  expect(dependenciesOf('Late')).toEqual(expect.arrayContaining(['First', 'Late.assets']));
  for (const stack of [first, second]) {
    expect(dependenciesOf(`${stack.artifactId}.assets`)).toEqual([]);
    expect(dependenciesOf(stack.artifactId)).toEqual([`${stack.artifactId}.assets`]);
  }
  const manifest = assembly.artifacts.find(({ id }) => id === 'Late.assets') as AssetManifestArtifact;
  // The file, and the template.
  expect(Object.keys(manifest.contents.files ?? {})).toHaveLength(2);
  expect(assembly.getStackArtifact('Late').assumeRoleArn).toContain('cdk-other1-deploy-role');
});
