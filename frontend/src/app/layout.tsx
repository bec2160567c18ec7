import { Outlet } from 'react-router';
import { ProblemAlert } from '../components/problem-alert.tsx';
import { Toasts } from '../components/toasts.tsx';
import { RequireSession } from '../features/session/require-session.tsx';
import { useSignOut } from '../features/session/session.ts';
import { Navigation } from './navigation.tsx';

/** The layout of every page that requires a session. */
export function Layout() {
  const signOut = useSignOut();
  return (
    <RequireSession>
      {(session) => (
        <Toasts>
          <div className="frame">
            <a className="skip-link" href="#content">
              Skip to content
            </a>
            <Navigation session={session} signOut={signOut} />
            <main id="content" tabIndex={-1}>
              <ProblemAlert error={signOut.error} />
              <Outlet context={session} />
            </main>
          </div>
        </Toasts>
      )}
    </RequireSession>
  );
}
