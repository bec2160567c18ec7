import type { NewApiKey } from '@payment-platform/app/api-types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiClient, dataOf } from '../../lib/api-client.ts';
import { usePlatform } from '../../lib/platform-context.ts';

const key = ['api-keys'] as const;

/** A page of the merchant's API keys, newest first. */
export function useApiKeys(cursor: string | null) {
  const { api } = usePlatform();
  const query = { limit: '20', ...(cursor !== null && { cursor }) };
  return useQuery({
    queryKey: [...key, cursor],
    queryFn: () => dataOf(api.GET('/api-keys', { params: { query } })),
  });
}

/** Issues a key. Only this response has its secret. */
export function useIssueKey() {
  return useKeyChange((api, body: NewApiKey) => dataOf(api.POST('/api-keys', { body })));
}

/** Issues a key like the given one, which stays valid for a day. */
export function useRollKey() {
  return useKeyChange((api, keyId: string) =>
    dataOf(api.POST('/api-keys/{keyId}/roll', { params: { path: { keyId } }, body: {} })),
  );
}

/** Ends a key and its sessions immediately. */
export function useRevokeKey() {
  return useKeyChange((api, keyId: string) =>
    dataOf(api.POST('/api-keys/{keyId}/revoke', { params: { path: { keyId } }, body: {} })),
  );
}

function useKeyChange<Input, Answer>(change: (api: ApiClient, input: Input) => Promise<Answer>) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
}
