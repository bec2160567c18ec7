import type { LedgerEntry, Payment } from '@payment-platform/app/api-types';
import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api, baseUrl, payment, postAnswers, problemResponse, session } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const entry = (direction: 'debit' | 'credit', amountMinor: number): LedgerEntry => ({
  id: `${direction}-${amountMinor}`,
  postingId: 'posting',
  paymentId: payment().id,
  account: direction === 'debit' ? 'acquirer_receivable' : 'merchant_payable',
  direction,
  amountMinor,
  currency: 'EUR',
  createdAt: payment().createdAt,
});

function show(shown: Payment, entries: LedgerEntry[] = []) {
  const path = `/payments/${shown.id}`;
  api.use(
    http.get(baseUrl + path, () => HttpResponse.json(shown)),
    http.get(`${baseUrl}${path}/events`, () =>
      HttpResponse.json({
        items: [
          {
            id: 'a',
            type: 'payment.authorized',
            amountMinor: 1050,
            detail: null,
            actor: null,
            occurredAt: shown.createdAt,
          },
          {
            id: 'e',
            type: 'payment.captured',
            amountMinor: 1050,
            detail: null,
            actor: { kind: 'person', id: 'sam', name: 'Sam Okafor' },
            occurredAt: shown.createdAt,
          },
          {
            id: 'r',
            type: 'refund.succeeded',
            amountMinor: 50,
            detail: null,
            actor: { kind: 'key', id: 'k', name: 'Server' },
            occurredAt: shown.createdAt,
          },
        ],
      }),
    ),
    http.get(`${baseUrl}${path}/entries`, () => HttpResponse.json({ items: entries })),
  );
  return renderConsole(path);
}

test('shows timeline, ledger entries and their balance', async () => {
  show(payment(), [entry('debit', 1050), entry('credit', 1050)]);
  expect(await screen.findByText('Payment captured')).toBeVisible();
  expect(await screen.findByText('Balanced: debits equal credits.')).toBeVisible();
});

test('the timeline says who captured and refunded', async () => {
  show(payment());
  expect((await screen.findByText('Payment captured')).closest('li')).toHaveTextContent('by Sam Okafor');
  expect(screen.getByText('Refund succeeded').closest('li')).toHaveTextContent('by API key Server');
  expect(screen.getByText('Payment authorized').closest('li')).not.toHaveTextContent('by ');
});

test('without the scopes, a session sees the payment and no actions', async () => {
  api.use(http.get(`${baseUrl}/session`, () => HttpResponse.json({ ...session, scopes: ['payments:read'] })));
  show(payment());
  expect(await screen.findByText('Payment captured')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Refund' })).toBeNull();
});

test('highlights entries that do not balance', async () => {
  show(payment(), [entry('debit', 1050), entry('credit', 1000)]);
  expect(await screen.findByText('Not balanced: debits and credits differ by EUR 0.50.')).toBeVisible();
});

test.each([
  ['processing', []],
  ['requires_action', []],
  ['authorized', ['Capture', 'Void']],
  ['captured', ['Refund']],
  ['partially_refunded', ['Refund']],
  ['refunded', []],
  ['voided', []],
  ['expired', []],
  ['declined', []],
] as const)('a payment that is %s offers %j', async (status, actions) => {
  show(payment({ status }));
  await screen.findByText('Payment captured');
  const offered = screen.queryAllByRole('button').map(({ textContent }) => textContent);
  expect(offered.map((text) => text.trim())).toEqual(['Menu', 'Sign out', 'Copy', ...actions]);
});

test('leads to the page on which the customer authenticates, until the payment has changed', async () => {
  const url = 'https://bank.example/challenge';
  show(payment({ status: 'requires_action', nextAction: { type: 'redirect', url } }));
  const link = await screen.findByRole('link', { name: 'Complete authentication' });
  expect(link).toHaveAttribute('href', url);
  expect(screen.getByText('Requires authentication')).toBeVisible();
  api.use(http.get(`${baseUrl}/payments/${payment().id}`, () => HttpResponse.json(payment())));
  await waitFor(
    () => {
      expect(screen.queryByRole('link', { name: 'Complete authentication' })).toBeNull();
    },
    { timeout: 5000 },
  );
});

test('each pair of metadata leads to the payments that have it', async () => {
  show(payment({ metadata: { order: '12 34' } }));
  expect(await screen.findByRole('link', { name: '12 34' })).toHaveAttribute('href', '/payments?q=order%3A12+34');
});

test('copies the id of the payment', async () => {
  const { user } = show(payment());
  await user.click(await screen.findByRole('button', { name: 'Copy the payment id' }));
  expect(await screen.findByText('Copied')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(payment().id);
});

test('a refund starts with the remaining amount and sends the entered one', async () => {
  const shown = payment({ status: 'partially_refunded', refundedAmountMinor: 50 });
  const refunded = payment({ status: 'refunded', refundedAmountMinor: 1050, updatedAt: '2026-03-02T10:00:00.000000Z' });
  const sent = postAnswers(`/payments/${shown.id}/refunds`, () =>
    HttpResponse.json({ refund: {}, payment: refunded }, { status: 201 }),
  );
  const { user } = show(shown);
  await user.click(await screen.findByRole('button', { name: 'Refund' }));
  expect(screen.getByLabelText('Amount to refund')).toHaveValue('10.00');
  await user.type(screen.getByLabelText(/Reason/), 'returned');
  await user.click(screen.getByRole('button', { name: 'Refund this amount' }));
  expect(await screen.findByText('Refunded', { selector: '.badge' })).toBeVisible();
  expect(sent).toMatchObject([{ body: { amountMinor: 1000, reason: 'returned' } }]);
  expect(screen.getByText('Refunded EUR 10.00.')).toBeVisible();
  expect(screen.queryByText(/not answered yet/)).toBeNull();
});

test('a declined refund shows the reason and stays open', async () => {
  const shown = payment();
  postAnswers(`/payments/${shown.id}/refunds`, () =>
    problemResponse(402, 'refund-declined', { detail: 'The acquirer declined the refund with account_closed.' }),
  );
  const { user } = show(shown);
  await user.click(await screen.findByRole('button', { name: 'Refund' }));
  await user.click(screen.getByRole('button', { name: 'Refund this amount' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('account_closed');
  expect(screen.getByRole('button', { name: 'Refund this amount' })).toBeEnabled();
});

test('does not send an amount above the limit', async () => {
  const { user } = show(payment());
  await user.click(await screen.findByRole('button', { name: 'Refund' }));
  await user.clear(screen.getByLabelText('Amount to refund'));
  await user.type(screen.getByLabelText('Amount to refund'), '10.51');
  await user.click(screen.getByRole('button', { name: 'Refund this amount' }));
  expect(screen.getByLabelText('Amount to refund')).toHaveAccessibleDescription(/At most EUR\s10\.50/);
});

test('a rejected operation shows the reason and stays open', async () => {
  const shown = payment({ status: 'authorized' });
  postAnswers(`/payments/${shown.id}/void`, () => problemResponse(409, 'invalid-state', { detail: 'It is captured.' }));
  const { user } = show(shown);
  await user.click(await screen.findByRole('button', { name: 'Void' }));
  await user.click(screen.getByRole('button', { name: 'Void this payment' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('It is captured.');
});

test('a void says what was released', async () => {
  const shown = payment({ status: 'authorized', capturedAmountMinor: 0 });
  const voided = payment({ status: 'voided', updatedAt: '2026-03-02T10:00:00.000000Z' });
  postAnswers(`/payments/${shown.id}/void`, () => HttpResponse.json(voided));
  const { user } = show(shown);
  await user.click(await screen.findByRole('button', { name: 'Void' }));
  await user.click(screen.getByRole('button', { name: 'Void this payment' }));
  expect(await screen.findByText('Released EUR 10.50.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'View payments' })).toHaveAttribute('href', '/payments');
});

test('shows that a payment does not exist', async () => {
  api.use(
    http.get(`${baseUrl}/payments/none`, () =>
      problemResponse(404, 'not-found', { detail: 'There is no such payment.' }),
    ),
  );
  renderConsole('/payments/none');
  expect(await screen.findByRole('alert')).toHaveTextContent('There is no such payment.');
});

test('a capture sends its amount, and shows the payment as captured', async () => {
  const shown = payment({ status: 'authorized', capturedAmountMinor: 0 });
  const captured = payment({ capturedAmountMinor: 900, updatedAt: '2026-03-02T10:00:00.000000Z' });
  const sent = postAnswers(`/payments/${shown.id}/capture`, () => HttpResponse.json(captured));
  const { user } = show(shown);
  await user.click(await screen.findByRole('button', { name: 'Capture' }));
  const amount = screen.getByLabelText('Amount to capture');
  expect(amount).toHaveValue('10.50');
  await user.clear(amount);
  await user.type(amount, '9');
  await user.click(screen.getByRole('button', { name: 'Capture this amount' }));
  expect(await screen.findByText('Captured', { selector: '.badge' })).toBeVisible();
  expect(sent).toMatchObject([{ body: { amountMinor: 900 } }]);
  expect(screen.getByText('Captured EUR 9.00.')).toBeVisible();
});

test('a form that was opened closes again', async () => {
  const { user } = show(payment());
  const button = await screen.findByRole('button', { name: 'Refund' });
  await user.click(button);
  expect(button).toHaveAttribute('aria-expanded', 'true');
  await user.click(button);
  expect(button).toHaveAttribute('aria-expanded', 'false');
  expect(screen.queryByLabelText('Amount to refund')).toBeNull();
});

test('a declined payment says why, and what its merchant wrote', async () => {
  show(payment({ status: 'declined', declineCode: 'insufficient_funds', reference: null, description: 'Two books' }));
  const facts = await screen.findByRole('region', { name: 'Facts' });
  expect(within(facts).getByText('Declined', { selector: 'dt' })).toBeVisible();
  expect(within(facts).getByText('Two books')).toBeVisible();
});

test('an answer without a problem document names its status', async () => {
  api.use(http.get(`${baseUrl}/payments/blocked`, () => new HttpResponse('<html>', { status: 403 })));
  renderConsole('/payments/blocked');
  expect(await screen.findByRole('alert')).toHaveTextContent('The payment platform answered with status 403.');
});
