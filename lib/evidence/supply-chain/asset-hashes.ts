import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { byCodeUnit } from '../sort';

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
  readonly dockerImages?: Readonly<Record<string, { readonly source: { readonly directory?: string } }>>;
}

/**
 * The SHA-256 of each file that a deployment of a cloud assembly publishes: templates, code of functions, the console and the sources of
 * images. The format is that of `sha256sum`, with paths relative to the assembly, so `sha256sum --check` verifies it there.
 */
export function assetHashes(assembly: string): string {
  const names = readdirSync(assembly);
  const manifests = names
    .filter((name) => name.endsWith('.assets.json'))
    .map((name) => JSON.parse(readFileSync(join(assembly, name), 'utf8')) as AssetManifest);
  const sources = manifests.flatMap(({ files = {}, dockerImages = {} }) => [
    ...Object.values(files).map(({ source }) => source.path),
    ...Object.values(dockerImages).map(({ source }) => source.directory),
  ]);
  const published = new Set(
    sources.filter((source) => source !== undefined).flatMap((path) => filesAt(join(assembly, path))),
  );
  return [...published]
    .map((file) => ({ file, path: relative(assembly, file).split(sep).join('/') }))
    .sort(byCodeUnit(({ path }) => path))
    .map(({ file, path }) => `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${path}\n`)
    .join('');
}

/** A file, or all files below a folder. */
function filesAt(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}
