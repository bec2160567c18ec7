import type { RouteObject } from 'react-router';
import { Loading } from '../components/loading.tsx';
import { SignInPage } from '../features/session/sign-in-page.tsx';
import { Layout } from './layout.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { UnexpectedErrorPage } from './unexpected-error-page.tsx';

/** The routes. Pages that require a session are loaded lazily. */
export const routes: RouteObject[] = [
  {
    ErrorBoundary: UnexpectedErrorPage,
    HydrateFallback: () => <Loading what="the page" />,
    children: [
      { path: '/sign-in', Component: SignInPage },
      {
        Component: Layout,
        children: [
          {
            index: true,
            lazy: async () => ({ Component: (await import('../features/home/home-page.tsx')).HomePage }),
          },
          {
            path: 'payments',
            lazy: async () => ({
              Component: (await import('../features/payments/payment-list-page.tsx')).PaymentListPage,
            }),
          },
          {
            path: 'payments/new',
            lazy: async () => ({
              Component: (await import('../features/payments/new-payment-page.tsx')).NewPaymentPage,
            }),
          },
          {
            path: 'payments/:paymentId',
            lazy: async () => ({ Component: (await import('../features/payments/payment-page.tsx')).PaymentPage }),
          },
          {
            path: 'refunds',
            lazy: async () => ({
              Component: (await import('../features/refunds/refund-list-page.tsx')).RefundListPage,
            }),
          },
          {
            path: 'balances',
            lazy: async () => ({ Component: (await import('../features/ledger/balances-page.tsx')).BalancesPage }),
          },
          {
            path: 'webhooks',
            lazy: async () => ({
              Component: (await import('../features/webhooks/endpoint-list-page.tsx')).EndpointListPage,
            }),
          },
          {
            path: 'webhooks/:endpointId',
            lazy: async () => ({ Component: (await import('../features/webhooks/endpoint-page.tsx')).EndpointPage }),
          },
          {
            path: 'developers',
            lazy: async () => ({
              Component: (await import('../features/developers/developers-page.tsx')).DevelopersPage,
            }),
          },
          { path: '*', Component: NotFoundPage },
        ],
      },
    ],
  },
];
