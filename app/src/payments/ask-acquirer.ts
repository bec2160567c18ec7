import { type Acquirer, type AcquirerResponse, AcquirerTimeoutError } from '../acquirer/acquirer.ts';
import type { PreparedOperation } from './operation.ts';

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
): Promise<AcquirerResponse> {
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
): Promise<AcquirerResponse> {
  const { amountMinor, currency, paymentToken } = payment;
  const acquirerId = payment.acquirerId ?? '';
  switch (operation.kind) {
    case 'create':
      return acquirer.authorize({ reference, amountMinor, currency, paymentToken, capture: operation.capture });
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
