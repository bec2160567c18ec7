import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { api, baseUrl, payment, postAnswers, problemResponse } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

async function submit(amount = '10.50') {
  const { user, ...rest } = renderConsole('/payments/new');
  await user.type(await screen.findByLabelText('Amount'), amount);
  const button = screen.getByRole('button', { name: 'Take payment' });
  await user.click(button);
  return { user, button, ...rest };
}

const following = (answer: ReturnType<typeof payment>) => {
  api.use(http.get(`${baseUrl}/payments/${answer.id}`, () => HttpResponse.json(answer)));
};
const takes = (answer = payment()) => {
  following(answer);
  return postAnswers('/payments', () => HttpResponse.json(answer, { status: 201 }));
};

test('sends minor units and an Idempotency-Key', async () => {
  const sent = takes();
  await submit();
  expect(await screen.findByText('The amount is charged.')).toBeVisible();
  expect(sent).toEqual([
    {
      key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      body: {
        amountMinor: 1050,
        currency: 'EUR',
        paymentToken: 'tok_approve',
        capture: 'automatic',
        returnUrl: `${window.location.origin}/payments`,
      },
    },
  ]);
});

test('the link of the navigation leads from the outcome to a new form', async () => {
  takes();
  const { user } = await submit();
  expect(await screen.findByText('The amount is charged.')).toBeVisible();
  await user.click(screen.getByRole('link', { name: 'Take a payment' }));
  expect(await screen.findByLabelText('Amount')).toHaveValue('');
  expect(screen.queryByText('The amount is charged.')).toBeNull();
});

test('while a payment is being sent, the link of the navigation does not hide its outcome', async () => {
  const answer = payment();
  following(answer);
  let respond: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    respond = resolve;
  });
  api.use(
    http.post(`${baseUrl}/payments`, async () => {
      await asked;
      return HttpResponse.json(answer, { status: 201 });
    }),
  );
  const { user } = await submit();
  await user.click(screen.getByRole('link', { name: 'Take a payment' }));
  respond();
  expect(await screen.findByText('The amount is charged.')).toBeVisible();
});

describe('describes each outcome', () => {
  test.each([
    [payment({ status: 'authorized' }), 'Authorized', 'The amount is reserved. Capture it when you deliver.'],
    [payment({ status: 'declined', declineCode: 'stolen_card' }), 'Declined', 'Nothing was charged: stolen card.'],
    [payment({ status: 'processing' }), 'Processing', /has not answered yet/],
  ])('%#', async (answer, badge, sentence) => {
    takes(answer);
    await submit();
    expect(await screen.findByText(badge)).toBeVisible();
    expect(screen.getByText(sentence)).toBeVisible();
  });
});

test('leads to authentication, and polls until it is complete', async () => {
  const nextAction = { type: 'redirect', url: '/api/v1/simulated-challenges/1' } as const;
  postAnswers('/payments', () =>
    HttpResponse.json(payment({ status: 'requires_action', nextAction }), { status: 202 }),
  );
  following(payment({ status: 'requires_action', nextAction }));
  await submit();
  const link = await screen.findByRole('link', { name: 'Complete authentication' });
  expect(link).toHaveAttribute('href', nextAction.url);
  expect(screen.getByText(/Until then, nothing is charged/)).toBeVisible();
  following(payment());
  expect(await screen.findByText('The amount is charged.', {}, { timeout: 5000 })).toBeVisible();
});

test('polls a processing payment until its outcome is known', async () => {
  postAnswers('/payments', () => HttpResponse.json(payment({ status: 'processing' }), { status: 202 }));
  following(payment({ status: 'captured' }));
  await submit();
  expect(await screen.findByText('The amount is charged.', {}, { timeout: 5000 })).toBeVisible();
});

test('retries with the same key after a lost response', async () => {
  following(payment());
  const sent = postAnswers(
    '/payments',
    () => HttpResponse.error(),
    () => problemResponse(503, 'overloaded', {}, { 'Retry-After': '1' }),
    () => HttpResponse.json(payment(), { status: 201 }),
  );
  await submit();
  expect(await screen.findByText('The amount is charged.', {}, { timeout: 8000 })).toBeVisible();
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  expect(sent).toHaveLength(3);
});

test('after an outage, resending the same form reuses the key, and another amount uses a new one', async () => {
  const away = () => problemResponse(500, 'internal');
  const sent = postAnswers('/payments', away, away, away);
  const { user, button } = await submit();
  expect(await screen.findByRole('alert')).toHaveTextContent('Quote this id to support: correlation-1');
  await user.click(button);
  await waitFor(() => {
    expect(sent).toHaveLength(2);
  });
  await user.type(screen.getByLabelText('Amount'), '0');
  await screen.findByRole('alert');
  expect(sent[1]?.key).toBe(sent[0]?.key);
  await user.clear(screen.getByLabelText('Amount'));
  await user.type(screen.getByLabelText('Amount'), '11');
  await user.click(button);
  await waitFor(() => {
    expect(sent).toHaveLength(3);
  });
  expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test('shows a validation error at its field', async () => {
  postAnswers('/payments', () =>
    problemResponse(422, 'card-number-refused', { errors: [{ pointer: '/reference', detail: 'holds a card number' }] }),
  );
  await submit();
  await screen.findByRole('alert');
  expect(screen.getByLabelText(/Reference/)).toHaveAccessibleDescription(/holds a card number/);
  expect(screen.getByLabelText(/Reference/)).toBeInvalid();
});

test('does not send an invalid amount', async () => {
  const sent = postAnswers('/payments');
  await submit('10.505');
  expect(screen.getByLabelText('Amount')).toHaveAccessibleDescription(/EUR has at most 2 decimals/);
  expect(sent).toEqual([]);
});

test('without demo tokens, accepts a typed token but not a card number', async () => {
  const sent = postAnswers('/payments');
  const { user } = renderConsole('/payments/new', { demoTokens: false });
  await user.type(await screen.findByLabelText('Amount'), '1');
  await user.type(screen.getByLabelText('Payment token'), '4111111111111111');
  await user.click(screen.getByRole('button', { name: 'Take payment' }));
  expect(screen.getByLabelText('Payment token')).toHaveAccessibleDescription(/Enter a token/);
  expect(sent).toEqual([]);
});

test('the form sends what is optional, and an authorization without a capture', async () => {
  const sent = takes(payment({ status: 'authorized', capturedAmountMinor: 0 }));
  const { user } = renderConsole('/payments/new');
  await user.type(await screen.findByLabelText('Amount'), '10.50');
  await user.type(screen.getByLabelText(/^Reference/), 'order-7');
  await user.type(screen.getByLabelText(/^Description/), 'Two books');
  await user.click(screen.getByLabelText('Capture later'));
  await user.click(screen.getByRole('button', { name: 'Take payment' }));
  await waitFor(() => {
    expect(sent).toMatchObject([{ body: { reference: 'order-7', description: 'Two books', capture: 'manual' } }]);
  });
});
