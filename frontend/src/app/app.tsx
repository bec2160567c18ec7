import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider, type RouterProviderProps } from 'react-router';
import { type Platform, PlatformContext } from '../lib/platform-context.ts';
import { createQueryClient } from './query-client.ts';

export interface AppProps {
  readonly platform: Platform;
  readonly router: RouterProviderProps['router'];
}

export function App({ platform, router }: AppProps) {
  const [queries] = useState(createQueryClient);
  return (
    <PlatformContext value={platform}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </PlatformContext>
  );
}
