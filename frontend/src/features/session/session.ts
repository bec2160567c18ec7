import type { SessionView } from '@payment-platform/app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../../lib/api-client.ts';
import { usePlatform } from '../../lib/platform-context.ts';

export const sessionKey = ['session'] as const;

/** The current session; `null` without one. */
export function useSession() {
  const { api } = usePlatform();
  return useQuery({
    queryKey: sessionKey,
    queryFn: () => api.get<SessionView>('/session').catch(nullIfUnauthenticated),
    staleTime: Infinity,
  });
}

export function useSignIn() {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (apiKey: string) => api.send<SessionView>('/session', { method: 'POST', body: { apiKey } }),
    onSuccess: (session) => {
      queries.setQueryData(sessionKey, session);
    },
  });
}

export function useSignOut() {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.send<undefined>('/session', { method: 'DELETE' }),
    onSuccess: () => {
      // The next user of this browser must not see cached data.
      queries.clear();
      queries.setQueryData(sessionKey, null);
    },
  });
}

/** Whether the API returned 401. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 401;
}

function nullIfUnauthenticated(error: unknown): null {
  if (isUnauthenticated(error)) return null;
  throw error;
}
