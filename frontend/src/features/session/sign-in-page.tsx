import type { SubmitEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { textOf } from '../../lib/form-text.ts';
import { usePlatform } from '../../lib/platform-context.ts';
import { useSession, useSignIn } from './session.ts';

/** Exchanges an API key for a session. The key is not stored. */
export function SignInPage() {
  const { config } = usePlatform();
  const [search] = useSearchParams();
  const session = useSession();
  const signIn = useSignIn();
  if (session.data) return <Navigate to={pathWithin(search.get('return'))} replace />;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(textOf(new FormData(event.currentTarget), 'apiKey'));
  };
  return (
    <main className="sign-in" id="content">
      <PageHeading title="Sign in" />
      <p className="hint">Environment: {config.environmentName}</p>
      {search.has('return') && !signIn.error && <p role="status">Sign in to continue.</p>}
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
