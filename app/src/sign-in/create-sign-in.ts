import { readFileSync } from 'node:fs';
import type { PersonSessionLimits } from '../merchants/merchant-repository.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import { IdentityProvider } from './identity-provider.ts';
import type { ClaimNames, SignInEnvironment } from './sign-in-environment.ts';

/** Where the provider sends the browser, below the origin of the console. */
export const callbackPath = '/api/v1/session/callback';

/** What the routes of persons' sign-in need. */
export interface SignIn {
  readonly provider: IdentityProvider;
  readonly claims: ClaimNames;
  readonly limits: PersonSessionLimits;
  /** Seals sign-ins in progress, which the browser keeps. */
  readonly box: SecretBox;
  /** Where the provider sends the browser after sign-out. */
  readonly signedOutAddress: string;
}

/** Reads the client secret; `undefined` where persons cannot sign in. @throws when the secret cannot be read or is short */
export async function createSignIn(environment: SignInEnvironment | undefined): Promise<SignIn | undefined> {
  if (!environment) return undefined;
  const { issuer, clientId, clientSecret: source, redirectBase, claims, signOutParameter } = environment;
  const text = source.kind === 'secret' ? await readSecret(source.arn) : readFileSync(source.path, 'utf8');
  const clientSecret = text.trim();
  return {
    provider: new IdentityProvider({
      issuer,
      clientId,
      clientSecret,
      redirectUri: redirectBase + callbackPath,
      signOutParameter,
    }),
    claims,
    limits: { idleMinutes: environment.idleMinutes, maxMinutes: environment.maxMinutes },
    box: new SecretBox(clientSecret, 'sign-ins in progress'),
    signedOutAddress: `${redirectBase}/sign-in`,
  };
}
