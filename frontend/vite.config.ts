import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { problemPages } from './src/reference/problem-pages.ts';

/** `npm start`'s address, for `npm run dev` beside it. */
const localPlatform = 'http://127.0.0.1:8080';

const stylesOfProblems = ['styles/tokens.css', 'reference/problems.css'];

/** Adds `problems/SLUG.html` for each problem of the API. */
const problems: Plugin = {
  name: 'problem-pages',
  generateBundle() {
    const source = stylesOfProblems
      .map((file) => readFileSync(join(import.meta.dirname, 'src', file), 'utf8'))
      .join('\n');
    const styles = this.getFileName(this.emitFile({ type: 'asset', name: 'problems.css', source }));
    for (const { slug, html } of problemPages(`/${styles}`))
      this.emitFile({ type: 'asset', fileName: `problems/${slug}.html`, source: html });
  },
};

export default defineConfig({
  plugins: [react(), problems],
  build: {
    target: 'es2023',
    // The console, and the reference of the API, which the edge serves at /api/docs.
    rollupOptions: { input: ['index.html', 'reference.html'] },
    // Files below `assets/` carry a hash of their content, so that the edge may have them cached permanently.
    assetsDir: 'assets',
    // Nothing inline: the content security policy admits files of this origin only.
    assetsInlineLimit: 0,
    // The reference loads all of Swagger UI, the console none of it: `npm run size` limits what the console loads.
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    // The repository is the place to debug from; the public site carries no sources.
    sourcemap: false,
  },
  server: { proxy: { '/api': localPlatform, '/config.json': localPlatform } },
});
