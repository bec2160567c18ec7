import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isUnauthenticated, sessionKey } from '../features/session/session.ts';

/** A cache of the API's answers that notices when the session has ended, whatever request is told so. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (isUnauthenticated(error)) queries.setQueryData(sessionKey, null);
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // The API client repeats what may be repeated.
    defaultOptions: { queries: { retry: false }, mutations: { retry: false } },
  });
  return queries;
}
