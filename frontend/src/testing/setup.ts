import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { api } from './fake-api.ts';

// A page is loaded when it is first shown, which takes longer than the default of a second while other suites run.
configure({ asyncUtilTimeout: 10_000 });

beforeAll(() => {
  // An unexpected request fails the test.
  api.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  cleanup();
  api.resetHandlers();
});
afterAll(() => {
  api.close();
});

// jsdom does not implement Blob.arrayBuffer, and WebCrypto of Node.js does not accept the buffers of its FileReader.
Object.defineProperty(Blob.prototype, 'arrayBuffer', {
  value(this: Blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => {
        const copy = Buffer.alloc(this.size);
        copy.set(new Uint8Array(reader.result as ArrayBuffer));
        resolve(copy.buffer);
      };
      reader.onerror = () => {
        reject(reader.error ?? new Error('The file cannot be read.'));
      };
      reader.readAsArrayBuffer(this);
    });
  },
});

// jsdom has no layout. The tests see the console on a wide screen.
Object.defineProperty(window, 'matchMedia', { value: () => ({ matches: true }) });

// Texts of tests are British, whatever the locale of the machine.
Object.defineProperty(navigator, 'language', { get: () => 'en-GB', configurable: true });
