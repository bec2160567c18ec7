import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

const source = readFileSync(join(__dirname, '..', '..', 'lib', 'edge', 'spa-fallback.js'), 'utf8');

/** The URI that the function returns for a request. */
function rewritten(uri: string): string {
  return runInNewContext(`${source}; handler(event).uri`, { event: { request: { uri } } }) as string;
}

test.each(['/', '/payments', '/payments/0198b1c0-0000-7000-8000-000000000001', '/v1.2/payments'])(
  'serves the page of the console for %s',
  (uri) => {
    expect(rewritten(uri)).toBe('/index.html');
  },
);

test.each([
  ['/api/docs', '/reference.html'],
  ['/problems/validation-failed', '/problems/validation-failed.html'],
])('serves a page of the reference for %s', (uri, file) => {
  expect(rewritten(uri)).toBe(file);
});

test.each(['/index.html', '/config.json', '/icon.svg', '/assets/index-1a2b3c.js', '/.well-known/security.txt'])(
  'serves %s as a file',
  (uri) => {
    expect(rewritten(uri)).toBe(uri);
  },
);
