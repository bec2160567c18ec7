import { act, fireEvent, render, screen } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toasts, useToast } from './toasts.tsx';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function Page() {
  const show = useToast();
  return (
    <>
      <button
        type="button"
        onClick={() => {
          show({ text: 'Refunded.', link: { to: '/refunds', text: 'View refunds' } });
        }}
      >
        Refund
      </button>
      <button
        type="button"
        onClick={() => {
          show({ text: 'Copied.' });
        }}
      >
        Copy
      </button>
    </>
  );
}

function renderPage() {
  const page = (
    <Toasts>
      <Page />
    </Toasts>
  );
  const router = createMemoryRouter([{ path: '*', element: page }]);
  render(<RouterProvider router={router} />);
  return router;
}

function pass(seconds: number) {
  act(() => {
    vi.advanceTimersByTime(seconds * 1000);
  });
}

test('a toast disappears after a while, but not while the pointer or the focus is on it', () => {
  renderPage();
  fireEvent.click(screen.getByRole('button', { name: 'Refund' }));
  pass(7);
  fireEvent.pointerEnter(screen.getByText('Refunded.'));
  pass(60);
  expect(screen.getByText('Refunded.')).toBeVisible();
  fireEvent.pointerLeave(screen.getByText('Refunded.'));
  fireEvent.focus(screen.getByRole('button', { name: 'Dismiss' }));
  pass(60);
  expect(screen.getByText('Refunded.')).toBeVisible();
  fireEvent.blur(screen.getByRole('button', { name: 'Dismiss' }));
  pass(9);
  expect(screen.queryByText('Refunded.')).toBeNull();
});

test('a newer toast replaces the older one, and can be dismissed', () => {
  renderPage();
  fireEvent.click(screen.getByRole('button', { name: 'Refund' }));
  fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
  expect(screen.queryByText('Refunded.')).toBeNull();
  expect(screen.queryByRole('link')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText('Copied.')).toBeNull();
});

test('the link of a toast leads to what was done and closes it', () => {
  const router = renderPage();
  fireEvent.click(screen.getByRole('button', { name: 'Refund' }));
  fireEvent.click(screen.getByRole('link', { name: 'View refunds' }));
  expect(router.state.location.pathname).toBe('/refunds');
  expect(screen.queryByText('Refunded.')).toBeNull();
});

test('a toast without a place to show it is refused', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => render(<Page />)).toThrow('useToast was called outside Toasts.');
});
