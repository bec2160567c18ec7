import type { NewCapture, NewPayment, NewRefund, Payment } from '@payment-platform/app/api-types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiClient, dataOf, idempotencyHeader } from '../../lib/api-client.ts';
import { ApiProblem } from '../../lib/api-problem.ts';
import { useIdempotencyKey } from '../../lib/idempotency-key.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import type { PaymentListQuery } from './payment-query.ts';

const openPollMilliseconds = 2000;
/** Statuses that change without an operation of the merchant. */
const openStatuses: readonly (Payment['status'] | undefined)[] = ['processing', 'requires_action'];
const key = (paymentId: string) => ['payments', paymentId] as const;

/** A page of payments. */
export function usePayments(query: PaymentListQuery) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['payments', 'list', query],
    queryFn: () => dataOf(api.GET('/payments', { params: { query } })),
  });
}

/** The currencies of the merchant's payments; `undefined` until they are known, and where the session may not read reports. */
export function useUsedCurrencies(): readonly string[] | undefined {
  const { api } = usePlatform();
  const { data } = useQuery({
    queryKey: ['ledger', 'daily'],
    queryFn: () => dataOf(api.GET('/summary/daily')),
    retry: false,
  });
  const used = data && [...new Set(data.items.map(({ currency }) => currency))];
  return used && used.length > 0 ? used : undefined;
}

/** A payment. It is polled until its outcome is known. */
export function usePayment(paymentId: string, initialData?: Payment) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: key(paymentId),
    queryFn: () => dataOf(api.GET('/payments/{id}', { params: { path: { id: paymentId } } })),
    refetchInterval: ({ state }) => (openStatuses.includes(state.data?.status) ? openPollMilliseconds : false),
    ...(initialData && { initialData }),
  });
}

/** The events of a payment. `version` is its `updatedAt`, so that a change invalidates the cache. */
export function usePaymentEvents(paymentId: string, version: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key(paymentId), 'events', version],
    queryFn: () => dataOf(api.GET('/payments/{id}/events', { params: { path: { id: paymentId } } })),
  });
}

/** The ledger entries of a payment. `version` is its `updatedAt`, so that a change invalidates the cache. */
export function usePaymentEntries(paymentId: string, version: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key(paymentId), 'entries', version],
    queryFn: () => dataOf(api.GET('/payments/{id}/entries', { params: { path: { id: paymentId } } })),
  });
}

export function useTakePayment() {
  return useKeyedPost((api, keyed, body: NewPayment) => dataOf(api.POST('/payments', { params: keyed, body })));
}

export function useCapture(id: string) {
  return useKeyedPost((api, keyed, body: NewCapture) =>
    dataOf(api.POST('/payments/{id}/capture', { params: { path: { id }, ...keyed }, body })),
  );
}

export function useVoid(id: string) {
  return useKeyedPost((api, keyed, body: Record<string, never>) =>
    dataOf(api.POST('/payments/{id}/void', { params: { path: { id }, ...keyed }, body })),
  );
}

export function useRefund(id: string) {
  return useKeyedPost(async (api, keyed, body: NewRefund) => {
    const answer = await dataOf(api.POST('/payments/{id}/refunds', { params: { path: { id }, ...keyed }, body }));
    // While the acquirer decides, the API answers with the payment alone.
    return 'payment' in answer ? answer.payment : answer;
  });
}

type Keyed = ReturnType<typeof idempotencyHeader>;

/** An idempotent POST. The payment that it returns replaces the cached one. */
function useKeyedPost<Body extends object>(post: (api: ApiClient, keyed: Keyed, body: Body) => Promise<Payment>) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  const keys = useIdempotencyKey();
  return useMutation({
    mutationFn: (body: Body) => post(api, idempotencyHeader(keys.keyFor(body)), body),
    onSuccess: (payment) => {
      keys.conclude();
      queries.setQueryData(key(payment.id), payment);
      for (const part of ['events', 'entries'])
        void queries.invalidateQueries({ queryKey: [...key(payment.id), part] });
      void queries.invalidateQueries({ queryKey: ['payments', 'list'] });
      void queries.invalidateQueries({ queryKey: ['ledger'] });
    },
    onError: (error) => {
      if (isDefinite(error)) keys.conclude();
      // A decline adds an event to the timeline of an unchanged payment.
      if (isDecline(error)) void queries.invalidateQueries({ queryKey: ['payments'] });
    },
  });
}

/** Whether the error is a final response. After any other error, the retry must use the same key. */
function isDefinite(error: Error): boolean {
  return error instanceof ApiProblem && error.problem.status < 500 && error.slug !== 'request-in-progress';
}

/** Whether the acquirer declined an operation on an existing payment. */
function isDecline(error: Error): boolean {
  return error instanceof ApiProblem && error.problem.status === 402;
}
