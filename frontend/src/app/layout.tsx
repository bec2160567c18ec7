import { NavLink, Outlet } from 'react-router';
import { ProblemAlert } from '../components/problem-alert.tsx';
import { RequireSession } from '../features/session/require-session.tsx';
import { useSignOut } from '../features/session/session.ts';
import { usePlatform } from '../lib/platform-context.ts';

/** The layout of every page that requires a session. */
export function Layout() {
  const { config } = usePlatform();
  const signOut = useSignOut();
  return (
    <RequireSession>
      {({ merchant }) => (
        <>
          <a className="skip-link" href="#content">
            Skip to content
          </a>
          <header className="bar">
            <p className="merchant">
              {merchant.name} <span className="environment">{config.environmentName}</span>
            </p>
            <nav aria-label="Main">
              <NavLink to="/payments" end>
                Payments
              </NavLink>
              <NavLink to="/payments/new">Take a payment</NavLink>
              <NavLink to="/balances">Balances</NavLink>
            </nav>
            <button
              type="button"
              className="quiet"
              disabled={signOut.isPending}
              onClick={() => {
                signOut.mutate();
              }}
            >
              Sign out
            </button>
          </header>
          <main id="content" tabIndex={-1}>
            <ProblemAlert error={signOut.error} />
            <Outlet />
          </main>
        </>
      )}
    </RequireSession>
  );
}
