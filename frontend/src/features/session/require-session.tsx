import type { Session } from '@payment-platform/app/api-types';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { Loading } from '../../components/loading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSession } from './session.ts';

/** Renders its content with a session. Without one, redirects to the sign-in page, which returns here. */
export function RequireSession({ children }: { readonly children: (session: Session) => ReactNode }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.isPending) return <Loading what="the session" />;
  if (session.error) return <ProblemAlert error={session.error} />;
  if (!session.data) {
    const back = pathname === '/' ? '' : `?return=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/sign-in${back}`} replace />;
  }
  return children(session.data);
}
