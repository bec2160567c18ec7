import type { Session } from '@payment-platform/app/api-types';
import { useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { Icon, type IconName } from '../components/icon.tsx';
import type { useSignOut } from '../features/session/session.ts';
import { usePlatform } from '../lib/platform-context.ts';

interface Destination {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** The scope without which the page has nothing to show. */
  readonly scope: Session['scopes'][number];
}

const destinations: readonly Destination[] = [
  { to: '/', label: 'Home', icon: 'home', scope: 'reports:read' },
  { to: '/payments', label: 'Payments', icon: 'payments', scope: 'payments:read' },
  { to: '/payments/new', label: 'Take a payment', icon: 'plus', scope: 'payments:write' },
  { to: '/refunds', label: 'Refunds', icon: 'refunds', scope: 'payments:read' },
  { to: '/balances', label: 'Balances', icon: 'balances', scope: 'reports:read' },
  { to: '/webhooks', label: 'Webhooks', icon: 'webhooks', scope: 'webhooks:write' },
  { to: '/developers', label: 'Developers', icon: 'developers', scope: 'keys:write' },
];

/** The merchant, and the pages that the session may use. On a narrow screen a button shows them, until the next page. */
export function Navigation({ session, signOut }: NavigationProps) {
  const { config } = usePlatform();
  const { key } = useLocation();
  const [openedAt, setOpenedAt] = useState<string>();
  const isOpen = openedAt === key;
  return (
    <header
      className="sidebar"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpenedAt(undefined);
      }}
    >
      <div className="brand">
        <p className="merchant">
          {session.merchant.name} <span className="environment">{config.environmentName}</span>
        </p>
        <button
          type="button"
          className="quiet menu-button"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => {
            setOpenedAt(isOpen ? undefined : key);
          }}
        >
          <Icon name="menu" /> Menu
        </button>
      </div>
      <div id="navigation" className={isOpen ? 'navigation open' : 'navigation'}>
        <nav aria-label="Main">
          {destinations
            .filter(({ scope }) => session.scopes.includes(scope))
            .map(({ to, label, icon }) => (
              <NavLink key={to} to={to} end={to === '/' || to === '/payments'}>
                <Icon name={icon} /> {label}
              </NavLink>
            ))}
        </nav>
        {session.person && (
          <p className="hint">
            {session.person.name} <span className="environment">{session.person.role}</span>
          </p>
        )}
        <button
          type="button"
          disabled={signOut.isPending}
          onClick={() => {
            signOut.mutate();
          }}
        >
          <Icon name="signOut" /> Sign out
        </button>
      </div>
    </header>
  );
}

export interface NavigationProps {
  readonly session: Session;
  readonly signOut: ReturnType<typeof useSignOut>;
}
