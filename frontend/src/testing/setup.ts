import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { api } from './fake-api.ts';

beforeAll(() => {
  // A request that no test has thought of is a failure.
  api.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  cleanup();
  api.resetHandlers();
});
afterAll(() => {
  api.close();
});
