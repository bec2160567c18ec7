import { createContext, use } from 'react';
import type { RuntimeConfig } from '../config/runtime-config.ts';
import type { ApiClient } from './api-client.ts';

/** The dependencies of every page. */
export interface Platform {
  readonly api: ApiClient;
  readonly config: RuntimeConfig;
}

export const PlatformContext = createContext<Platform | undefined>(undefined);

/** Returns the API client and the configuration. @throws outside PlatformContext */
export function usePlatform(): Platform {
  const platform = use(PlatformContext);
  if (!platform) throw new Error('usePlatform was called outside PlatformContext.');
  return platform;
}
