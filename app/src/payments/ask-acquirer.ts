import { v5 as derivedUuid } from 'uuid';
import { type Acquirer, type ActionRequired, AcquirerTimeoutError } from '../acquirer/acquirer.ts';
import type { Operation, PreparedOperation } from './operation.ts';
import type { Decision } from './outcome.ts';
import type { StoredPayment } from './payment.ts';

/** How long a customer may take to authenticate. Challenges of 3-D Secure end within minutes. */
const actionMinutes = 60;

/**
 * Asks the acquirer for its decision, outside any transaction. It may be asked again for the same operation: the operation's ID is the
 * reference by which the acquirer recognises it.
 *
 * @throws AcquirerTimeoutError when the answer takes longer than the timeout. The outcome is then unknown.
 */
export async function askAcquirer(
  acquirer: Acquirer,
  prepared: PreparedOperation,
  timeoutMilliseconds: number,
): Promise<Decision | ActionRequired> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AcquirerTimeoutError(prepared.operationId));
    }, timeoutMilliseconds);
  });
  try {
    return await Promise.race([send(acquirer, prepared), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function send(
  acquirer: Acquirer,
  { operationId: reference, operation, payment }: PreparedOperation,
): Promise<Decision | ActionRequired> {
  const { amountMinor, currency } = payment;
  const acquirerId = payment.acquirerId ?? '';
  switch (operation.kind) {
    case 'create':
      return authorize(acquirer, reference, operation, payment);
    case 'capture':
      return acquirer.capture({ reference, amountMinor: operation.amountMinor, currency, acquirerId });
    // The acquirer may keep an authorization for longer than we do.
    case 'expire':
    case 'void':
      return acquirer.void({ reference, amountMinor, currency, acquirerId });
    case 'refund':
      return acquirer.refund({ reference, amountMinor: operation.amountMinor, currency, acquirerId });
  }
}

/** An authorization. One whose customer has not authenticated in time is voided, so that it cannot succeed later. */
async function authorize(
  acquirer: Acquirer,
  reference: string,
  { capture, returnUrl }: Operation & { readonly kind: 'create' },
  payment: StoredPayment,
): Promise<Decision | ActionRequired> {
  const { amountMinor, currency, paymentToken } = payment;
  const money = { amountMinor, currency };
  const returning = returnUrl === undefined ? {} : { returnUrl };
  const answer = await acquirer.authorize({ reference, ...money, paymentToken, capture, ...returning });
  if (!isOverdue(payment)) return answer;
  // A process died after it had voided the authorization.
  if (answer.outcome === 'declined' && answer.declineCode === 'authentication_abandoned')
    return { outcome: 'abandoned' };
  if (answer.outcome !== 'action_required') return answer;
  const { acquirerId } = answer;
  const { outcome } = await acquirer.void({ reference: derivedUuid('void', reference), ...money, acquirerId });
  // A customer who authenticates at this moment may be faster. The next question shows it.
  return outcome === 'approved' ? { outcome: 'abandoned' } : answer;
}

/** Whether the payment has waited for its customer for too long. While it waits, nothing else changes it. */
function isOverdue({ status, updatedAt }: StoredPayment): boolean {
  return status === 'requires_action' && Date.now() - Date.parse(updatedAt) > actionMinutes * 60_000;
}
