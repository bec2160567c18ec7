import type { Session } from '@payment-platform/app/api-types';
import { useOutletContext } from 'react-router';

/** The scopes of the session, from the layout. */
export function useScopes(): Session['scopes'] {
  return useOutletContext<Session>().scopes;
}
