import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm start`'s address, for `npm run dev` beside it. */
const localPlatform = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Files below `assets/` carry a hash of their content, so that the edge may have them cached permanently.
    assetsDir: 'assets',
    // Nothing inline: the content security policy admits files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The repository is the place to debug from; the public site carries no sources.
    sourcemap: false,
  },
  server: { proxy: { '/api': localPlatform, '/config.json': localPlatform } },
});
