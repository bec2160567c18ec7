import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/* What a browser loads before it shows the first page: the scripts that index.html names, gzipped. */

const limitBytes = 150_000;
const dist = join(import.meta.dirname, 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
if (scripts.length === 0) throw new Error('dist/index.html names no script; run npm run build --workspace frontend.');
const sizes = scripts.map((path) => ({ path, bytes: gzipSync(readFileSync(join(dist, path))).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
console.table(sizes);
console.log(`first load ${total} of ${limitBytes} bytes of gzipped JavaScript`);
if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i.test(page)) {
  console.error('dist/index.html holds something inline, which the content security policy refuses.');
  process.exit(1);
}
if (total > limitBytes) {
  console.error('The first load is too large: load a route lazily, or drop a library.');
  process.exit(1);
}
