import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import packageJson from '../../package.json';
import appPackage from '../../app/package.json';
import frontendPackage from '../../frontend/package.json';
import { allDocuments, documentAt, type MarkdownDocument } from '../support/documents';

const root = join(__dirname, '..', '..');
const documents = allDocuments();
const readme = documentAt('README.md');
const workspaces = { app: appPackage, frontend: frontendPackage };

/** The file that a link leads to, relative to the root, and the anchor in it; `undefined` for other sites. */
function targetOf(link: string, { path }: MarkdownDocument) {
  if (/^https?:/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  return { file: file === '' ? path : normalize(join(dirname(path), file)), anchor };
}

test('finds all documents except those of dependencies', () => {
  const paths = documents.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['README.md', 'app/CONTAINER-CONTRACT.md', 'lib/changes/CHANGES.md']));
  expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
});

test.each(documents)('has only valid links in $path', (document) => {
  const broken = document.links.filter((link) => {
    const target = targetOf(link, document);
    if (!target) return false;
    if (!existsSync(join(root, target.file))) return true;
    if (target.anchor === undefined) return false;
    return !documents.find(({ path }) => path === target.file)?.anchors.includes(target.anchor);
  });
  expect(broken).toEqual([]);
});

test('links to every document in the README', () => {
  const linked = readme.links.map((link) => targetOf(link, readme)?.file);
  expect(documents.map(({ path }) => path).filter((path) => path !== 'README.md' && !linked.includes(path))).toEqual(
    [],
  );
});

test('keeps the README short', () => {
  expect(readme.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test.each(documents)('names only existing npm scripts in $path', ({ text }) => {
  const named = [...text.matchAll(/npm run ([\w:-]+)([^`\n]*)/g)];
  const missing = named.filter(([, name = '', rest = '']) => {
    const workspace = /--workspace (app|frontend)/.exec(rest)?.[1] as keyof typeof workspaces | undefined;
    const { scripts } = workspace ? workspaces[workspace] : packageJson;
    return !(name in scripts);
  });
  expect(missing.map(([command]) => command)).toEqual([]);
});

test.each(documents)('names only existing files in $path', ({ text }) => {
  const named = [...text.matchAll(/`((?:app|lib|test|frontend|bin)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  // What a reader, or a command, is to create.
  const created = ['app/database/migrations/0018_name.sql', 'lib/profiles/NAME.ts', 'frontend/screenshots/'];
  expect(named.filter((path) => !created.includes(path) && !existsSync(join(root, path)))).toEqual([]);
});
