import type { operations, WebhookEndpointChoice } from '@payment-platform/app/api-types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiClient, dataOf } from '../../lib/api-client.ts';
import { usePlatform } from '../../lib/platform-context.ts';

const key = ['webhooks'] as const;
const pollMilliseconds = 3000;
const ofEndpoint = (endpointId: string) => ({ params: { path: { endpointId } } }) as const;
const pageFrom = (cursor: string | null) => ({ limit: '20', ...(cursor !== null && { cursor }) });

export type DeliveryStatus = NonNullable<
  NonNullable<operations['listWebhookDeliveries']['parameters']['query']>['status']
>;

/** A page of webhook endpoints, newest first. */
export function useEndpointList(cursor: string | null) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key, 'endpoints', cursor],
    queryFn: () => dataOf(api.GET('/webhook-endpoints', { params: { query: pageFrom(cursor) } })),
  });
}

export function useEndpoint(endpointId: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key, 'endpoint', endpointId],
    queryFn: () => dataOf(api.GET('/webhook-endpoints/{endpointId}', ofEndpoint(endpointId))),
  });
}

/** A page of deliveries to an endpoint, newest first. It is polled while one of them is pending. */
export function useDeliveries(endpointId: string, status: DeliveryStatus | undefined, cursor: string | null) {
  const { api } = usePlatform();
  const query = { ...pageFrom(cursor), ...(status && { status }) };
  return useQuery({
    queryKey: [...key, 'deliveries', endpointId, query],
    queryFn: () =>
      dataOf(api.GET('/webhook-endpoints/{endpointId}/deliveries', { params: { path: { endpointId }, query } })),
    refetchInterval: ({ state }) =>
      state.data?.items.some((delivery) => delivery.status === 'pending') ? pollMilliseconds : false,
  });
}

/** The newest hundred attempts of a delivery. `version` changes with the delivery, so that the list is read again. */
export function useAttempts(endpointId: string, deliveryId: string, version: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key, 'attempts', deliveryId, version],
    queryFn: () =>
      dataOf(
        api.GET('/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/attempts', {
          params: { path: { endpointId, deliveryId }, query: { limit: '100' } },
        }),
      ),
  });
}

/** Creates an endpoint. Only this response has its secret. */
export function useCreateEndpoint() {
  return useWebhookChange((api, body: WebhookEndpointChoice) => dataOf(api.POST('/webhook-endpoints', { body })));
}

export function useChangeEndpoint(endpointId: string) {
  return useWebhookChange((api, body: WebhookEndpointChoice) =>
    dataOf(api.PUT('/webhook-endpoints/{endpointId}', { ...ofEndpoint(endpointId), body })),
  );
}

export function useDeleteEndpoint(endpointId: string) {
  return useWebhookChange((api, _: undefined) =>
    dataOf(api.DELETE('/webhook-endpoints/{endpointId}', ofEndpoint(endpointId))),
  );
}

/** Enables an endpoint, so that the events that waited are sent, or disables it. */
export function useSwitchEndpoint(endpointId: string) {
  return useWebhookChange((api, isEnabled: boolean) =>
    dataOf(
      isEnabled
        ? api.POST('/webhook-endpoints/{endpointId}/enable', { ...ofEndpoint(endpointId), body: {} })
        : api.POST('/webhook-endpoints/{endpointId}/disable', { ...ofEndpoint(endpointId), body: {} }),
    ),
  );
}

/** Issues a new secret. The old one signs beside it for a day. */
export function useRollSecret(endpointId: string) {
  return useWebhookChange((api, _: undefined) =>
    dataOf(api.POST('/webhook-endpoints/{endpointId}/roll', { ...ofEndpoint(endpointId), body: {} })),
  );
}

export function useSendTest(endpointId: string) {
  return useWebhookChange((api, _: undefined) =>
    dataOf(api.POST('/webhook-endpoints/{endpointId}/test', { ...ofEndpoint(endpointId), body: {} })),
  );
}

export function useResend(endpointId: string) {
  return useWebhookChange((api, deliveryId: string) =>
    dataOf(
      api.POST('/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/resend', {
        params: { path: { endpointId, deliveryId } },
        body: {},
      }),
    ),
  );
}

function useWebhookChange<Input, Answer>(change: (api: ApiClient, input: Input) => Promise<Answer>) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
}
