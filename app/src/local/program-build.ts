import { join } from 'node:path';
import { bundlePrograms } from '../../bundle-programs.ts';
import { isStale, isWritable } from './built-files.ts';

/**
 * Returns the directory of the bundled programs, as the image has them. Bundles them if they are missing or older than their sources.
 *
 * @param root the checkout
 */
export async function buildPrograms(root: string, log: (line: string) => void): Promise<string> {
  const app = join(root, 'app');
  const directory = join(app, 'dist');
  const sources = ['src', 'database', 'bundle-programs.ts', '../package-lock.json'].map((path) => join(app, path));
  // The bundler writes it last.
  if (!isStale(join(directory, 'package.json'), sources)) return directory;
  if (!isWritable(directory))
    throw new Error(
      `The programs of the API are not built, and ${directory} is not writable. ` +
        `Run 'npm run build --workspace app' as a user who may write there.`,
    );
  log('bundling the programs of the API …');
  await bundlePrograms(directory);
  return directory;
}
