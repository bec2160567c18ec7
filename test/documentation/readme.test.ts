import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { contextInputs } from '../../lib/config/context-inputs';

const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The anchor that a Markdown viewer makes of a heading. */
const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-'),
);

test('every npm script that README names exists', () => {
  const named = [...readme.matchAll(/npm run ([\w:-]+)(?! --workspace)\b/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named.filter((each) => each !== 'dev')) expect(Object.keys(packageJson.scripts)).toContain(name);
});

test('every link leads somewhere', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith('https://')) continue;
    if (target.startsWith('#')) expect(anchors).toContain(target.slice(1));
    else expect([target, existsSync(join(root, target))]).toEqual([target, true]);
  }
});

test('every context key is explained', () => {
  for (const key of Object.keys(contextInputs.shape)) expect(readme).toContain(`\`${key}\``);
});
