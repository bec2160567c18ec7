import type {
  DailyTotalView,
  LedgerEntryView,
  NewCapture,
  NewPayment,
  NewRefund,
  Page,
  PaymentEventView,
  PaymentView,
  RefundResponse,
} from '@payment-platform/app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../../lib/api-client.ts';
import { useIdempotencyKey } from '../../lib/idempotency-key.ts';
import { usePlatform } from '../../lib/platform-context.ts';

const processingPollMilliseconds = 2000;
const key = (paymentId: string) => ['payments', paymentId] as const;

/** A page of payments; `query` is the list's query string. */
export function usePayments(query: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: ['payments', 'list', query],
    queryFn: () => api.get<Page<PaymentView>>(`/payments?${query}`),
  });
}

/** The currencies of the merchant's payments; `undefined` until they are known, and where the session may not read reports. */
export function useUsedCurrencies(): readonly string[] | undefined {
  const { api } = usePlatform();
  const { data } = useQuery({
    queryKey: ['ledger', 'daily'],
    queryFn: () => api.get<{ items: DailyTotalView[] }>('/summary/daily'),
    retry: false,
  });
  const used = data && [...new Set(data.items.map(({ currency }) => currency))];
  return used && used.length > 0 ? used : undefined;
}

/** A payment. It is polled until its outcome is known. */
export function usePayment(paymentId: string, initialData?: PaymentView) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: key(paymentId),
    queryFn: () => api.get<PaymentView>(`/payments/${encodeURIComponent(paymentId)}`),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? processingPollMilliseconds : false),
    ...(initialData && { initialData }),
  });
}

/** The events of a payment. `version` is its `updatedAt`, so that a change invalidates the cache. */
export function usePaymentEvents(paymentId: string, version: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key(paymentId), 'events', version],
    queryFn: () => api.get<{ items: PaymentEventView[] }>(`/payments/${paymentId}/events`),
  });
}

/** The ledger entries of a payment. `version` is its `updatedAt`, so that a change invalidates the cache. */
export function usePaymentEntries(paymentId: string, version: string) {
  const { api } = usePlatform();
  return useQuery({
    queryKey: [...key(paymentId), 'entries', version],
    queryFn: () => api.get<{ items: LedgerEntryView[] }>(`/payments/${paymentId}/entries`),
  });
}

export function useTakePayment() {
  return useKeyedPost<NewPayment>('/payments');
}

export function useCapture(paymentId: string) {
  return useKeyedPost<NewCapture>(`/payments/${paymentId}/capture`);
}

export function useVoid(paymentId: string) {
  return useKeyedPost<object>(`/payments/${paymentId}/void`);
}

export function useRefund(paymentId: string) {
  return useKeyedPost<NewRefund>(`/payments/${paymentId}/refunds`);
}

/** An idempotent POST. The payment in its response replaces the cached one. */
function useKeyedPost<Body extends object>(path: string) {
  const { api } = usePlatform();
  const queries = useQueryClient();
  const keys = useIdempotencyKey();
  return useMutation({
    mutationFn: async (body: Body) => {
      const idempotencyKey = keys.keyFor(body);
      const answer = await api.send<PaymentView | RefundResponse>(path, { method: 'POST', body, idempotencyKey });
      return 'payment' in answer ? answer.payment : answer;
    },
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
