import type { SubmitEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import { useSession, useSignIn } from './session.ts';

/** Why the API sent a person back here, by the `problem` in the address. */
const refusals: Readonly<Record<string, string>> = {
  denied: 'The sign-in was cancelled.',
  expired: 'The sign-in took too long or began in another browser. Try again.',
  failed: 'The sign-in failed. Try again.',
  'no-role': 'You have no role in this console. Ask your administrator for one.',
  'no-merchant': 'You belong to no active merchant. Ask your administrator.',
  unavailable: 'The identity provider cannot be reached. Try again later.',
};

/** Leads persons to the identity provider, and exchanges an API key for a session. The key is not stored. */
export function SignInPage() {
  const { api, config } = usePlatform();
  const [search] = useSearchParams();
  const session = useSession();
  const signIn = useSignIn();
  if (session.data) return <Navigate to={pathWithin(search.get('return'))} replace />;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(textOf(new FormData(event.currentTarget), 'apiKey'));
  };
  const problem = search.get('problem');
  const back = pathWithin(search.get('return'));
  return (
    <main className="sign-in" id="content">
      <PageHeading title="Sign in" />
      <p className="hint">Environment: {config.environmentName}</p>
      {search.has('return') && !signIn.error && <p role="status">Sign in to continue.</p>}
      {problem !== null && !signIn.error && (
        <p role="alert" className="alert">
          {refusals[problem] ?? refusals['failed']}
        </p>
      )}
      {config.personSignIn && (
        <p>
          <a className="button" href={api.urlOf(`/session/sign-in?return=${encodeURIComponent(back)}`)}>
            Sign in as a person
          </a>
        </p>
      )}
      <form onSubmit={submit} className="panel">
        <Field label="API key" hint="It starts with sk_.">
          {(control) => (
            <input
              {...control}
              name="apiKey"
              type="password"
              autoComplete="current-password"
              required
              maxLength={256}
            />
          )}
        </Field>
        <ProblemAlert error={signIn.error} />
        <button type="submit" disabled={signIn.isPending}>
          Sign in
        </button>
      </form>
    </main>
  );
}

/** Returns `path` if it is a path of this console, to prevent open redirects; otherwise the home page. */
function pathWithin(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}
