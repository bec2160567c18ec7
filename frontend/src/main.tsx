import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { App } from './app/app.tsx';
import { routes } from './app/routes.tsx';
import { loadRuntimeConfig } from './config/runtime-config.ts';
import { createApiClient } from './lib/api-client.ts';
import '@fontsource-variable/figtree/wght.css';
import './styles/index.css';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id root.');
const root = createRoot(element);
try {
  const config = await loadRuntimeConfig();
  const platform = { config, api: createApiClient(config.apiBaseUrl) };
  root.render(
    <StrictMode>
      <App platform={platform} router={createBrowserRouter(routes)} />
    </StrictMode>,
  );
} catch (error) {
  root.render(
    <main className="alone">
      <h1>The console cannot start</h1>
      <p role="alert">{(error as Error).message}</p>
    </main>,
  );
}
