import type { ApiKeyView, IssuedApiKeyView, NewApiKey, Page } from '@payment-platform/app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePlatform } from '../../lib/platform-context.ts';

const key = ['api-keys'] as const;

/** A page of the merchant's API keys, newest first. */
export function useApiKeys(cursor: string | null) {
  const { api } = usePlatform();
  const query = new URLSearchParams({ limit: '20', ...(cursor !== null && { cursor }) });
  return useQuery({
    queryKey: [...key, cursor],
    queryFn: () => api.get<Page<ApiKeyView>>(`/api-keys?${query}`),
  });
}

/** Issues a key. Only this response has its secret. */
export function useIssueKey() {
  return useKeyChange((api, body: NewApiKey) => api.send<IssuedApiKeyView>('/api-keys', { method: 'POST', body }));
}

/** Issues a key like the given one, which stays valid for a day. */
export function useRollKey() {
  return useKeyChange((api, id: string) =>
    api.send<IssuedApiKeyView>(`/api-keys/${id}/roll`, { method: 'POST', body: {} }),
  );
}

/** Ends a key and its sessions immediately. */
export function useRevokeKey() {
  return useKeyChange((api, id: string) =>
    api.send<ApiKeyView>(`/api-keys/${id}/revoke`, { method: 'POST', body: {} }),
  );
}

type Api = ReturnType<typeof usePlatform>['api'];

function useKeyChange<Input, Answer>(change: (api: Api, input: Input) => Promise<Answer>) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
}
