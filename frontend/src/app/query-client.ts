import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isUnauthenticated, sessionKey } from '../features/session/session.ts';

/** The query client. When any request returns 401, it marks the session as ended. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (isUnauthenticated(error)) queries.setQueryData(sessionKey, null);
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // ApiClient retries requests.
    defaultOptions: { queries: { retry: false }, mutations: { retry: false } },
  });
  return queries;
}
