import type { Session } from '@payment-platform/app/api-types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf } from '../../lib/api-client.ts';
import { ApiProblem } from '../../lib/api-problem.ts';
import { leaveTo } from '../../lib/leave-to.ts';
import { usePlatform } from '../../lib/platform-context.ts';

export const sessionKey = ['session'] as const;

/** The current session; `null` without one. */
export function useSession() {
  const { api } = usePlatform();
  return useQuery({
    queryKey: sessionKey,
    queryFn: () => dataOf(api.GET('/session')).catch(nullIfUnauthenticated),
    staleTime: Infinity,
  });
}

export function useSignIn() {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (apiKey: string) => dataOf(api.POST('/session', { body: { apiKey } })),
    onSuccess: (session) => {
      queries.setQueryData(sessionKey, session);
    },
  });
}

export function useSignOut() {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(api.DELETE('/session')),
    onSuccess: () => {
      const isPerson = Boolean(queries.getQueryData<Session>(sessionKey)?.person);
      // The next user of this browser must not see cached data.
      queries.clear();
      queries.setQueryData(sessionKey, null);
      // Otherwise, the provider would sign the next user in as this person without asking.
      if (isPerson) leaveTo(api.urlOf('/session/provider-sign-out'));
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
