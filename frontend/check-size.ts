import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/* What a browser loads before it shows the first page: the scripts and styles that index.html names, gzipped, and the font of Latin text. */

const limitBytes = 150_000;
const dist = join(import.meta.dirname, 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const named = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path);
if (named.length === 0) throw new Error('dist/index.html names no script; run npm run build --workspace frontend.');
const styles = named.filter((path) => path.endsWith('.css')).map((path) => readFileSync(join(dist, path), 'utf8'));
// A browser loads the other fonts only for the letters that they have.
const fonts = [...styles.join('').matchAll(/url\((\/assets\/[\w-]+-latin-wght-[^)]+\.woff2)\)/g)].map(
  ([, path = '']) => path,
);
const sizes = [
  ...named.map((path) => ({ path, bytes: gzipSync(readFileSync(join(dist, path))).length })),
  // A font is compressed already.
  ...fonts.map((path) => ({ path, bytes: readFileSync(join(dist, path)).length })),
];
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
console.table(sizes);
console.log(`first load ${total} of ${limitBytes} bytes`);
if (fonts.length !== 1) {
  console.error(`The styles name ${fonts.length} fonts of Latin text, instead of one. Look at src/styles/index.css.`);
  process.exit(1);
}
if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i.test(page)) {
  console.error('dist/index.html holds something inline, which the content security policy refuses.');
  process.exit(1);
}
if (total > limitBytes) {
  console.error('The first load is too large: load a route lazily, or drop a library.');
  process.exit(1);
}
