import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { createMemoryRouter } from 'react-router';
import { App } from '../app/app.tsx';
import { routes } from '../app/routes.tsx';
import type { RuntimeConfig } from '../config/runtime-config.ts';
import { createApiClient } from '../lib/api-client.ts';
import { baseUrl } from './fake-api.ts';

/** Renders the console at `path` with the fake API. */
export function renderConsole(path: string, config: Partial<RuntimeConfig> = {}) {
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const platform = {
    api: createApiClient(baseUrl),
    config: { apiBaseUrl: baseUrl, environmentName: 'test1', demoTokens: true, documents: false, ...config },
  };
  render(<App platform={platform} router={router} />);
  return { router, user: userEvent.setup() };
}
