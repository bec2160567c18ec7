import { createContext, use } from 'react';
import type { RuntimeConfig } from '../config/runtime-config.ts';
import type { ApiClient } from './api-client.ts';

/** What every page has at hand. */
export interface Platform {
  readonly api: ApiClient;
  readonly config: RuntimeConfig;
}

export const PlatformContext = createContext<Platform | undefined>(undefined);

/** The API of this environment, and its configuration. */
export function usePlatform(): Platform {
  const platform = use(PlatformContext);
  if (!platform) throw new Error('A page is shown outside PlatformContext.');
  return platform;
}
