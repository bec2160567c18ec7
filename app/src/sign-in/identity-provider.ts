import * as client from 'openid-client';
import type { SignOutParameter } from './sign-in-environment.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** How this platform is registered with the provider. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends the browser with the code. */
  readonly redirectUri: string;
  readonly signOutParameter: SignOutParameter;
}

/** What a sign-in in progress must remember to accept the provider's response. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

const timeoutSeconds = 5;
const clockToleranceSeconds = 10;

/** The client of an OpenID Connect provider: authorization code with PKCE, state and nonce. */
export class IdentityProvider {
  readonly #registration: Registration;
  #discovered: Promise<client.Configuration> | undefined;

  constructor(registration: Registration) {
    this.#registration = registration;
  }

  /** Begins a sign-in. Returns where to send the browser. @throws SignInRefusal `unavailable` */
  async begin(): Promise<{ address: URL; checks: SignInChecks }> {
    const configuration = await this.#configuration();
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#registration.redirectUri,
      scope: 'openid profile email',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { address, checks };
  }

  /**
   * Exchanges the code of the provider's response, and verifies the ID token: signature, issuer, audience, nonce and time. The tokens are
   * dropped, because nobody needs them afterwards.
   *
   * @param query of the address to which the provider sent the browser
   * @returns the claims of the ID token
   * @throws SignInRefusal `denied`, `failed` or `unavailable`
   */
  async finish(query: string, { state, nonce, codeVerifier }: SignInChecks): Promise<Record<string, unknown>> {
    const configuration = await this.#configuration();
    const current = new URL(this.#registration.redirectUri);
    current.search = query;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, current, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      return { ...tokens.claims() };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Where a person also leaves the provider; `undefined` when the provider has no such page. @throws SignInRefusal `unavailable` */
  async signOutAddress(returnTo: string): Promise<string | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(configuration, { [this.#registration.signOutParameter]: returnTo }).href;
  }

  /** The provider's metadata. It is read when first needed, so the API starts while the provider is away. */
  async #configuration(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#registration;
    const insecure = new URL(issuer).protocol === 'http:';
    this.#discovered ??= client.discovery(
      new URL(issuer),
      clientId,
      { [client.clockTolerance]: clockToleranceSeconds },
      authenticationWith(clientSecret),
      {
        timeout: timeoutSeconds,
        // The signature of an ID token is verified although it comes from the provider itself over TLS.
        // oxlint-disable-next-line typescript/no-deprecated -- Only for a provider on this machine: see sign-in-environment.ts.
        execute: [client.enableNonRepudiationChecks, ...(insecure ? [client.allowInsecureRequests] : [])],
      },
    );
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = undefined;
      throw new SignInRefusal('unavailable', `the discovery of ${issuer} failed: ${codeOf(error)}`);
    }
  }
}

/** HTTP Basic, which is OpenID Connect's default, unless the provider accepts the secret in the body only. */
function authenticationWith(secret: string): client.ClientAuth {
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = methods.includes('client_secret_basic') ? client.ClientSecretBasic : client.ClientSecretPost;
    authenticate(secret)(server, ...rest);
  };
}

/** The code of an error only: its message and cause may quote tokens and claims. */
function codeOf(error: unknown): string {
  const { code, name, cause } = error as { readonly code?: unknown; readonly name?: string; readonly cause?: unknown };
  if (typeof code === 'string') return code;
  const { code: inner } = (cause ?? {}) as { readonly code?: unknown };
  return typeof inner === 'string' ? inner : (name ?? 'unknown');
}

function refusalOf(error: unknown): SignInRefusal {
  if (error instanceof client.AuthorizationResponseError)
    return error.error === 'access_denied' || error.error === 'login_required'
      ? new SignInRefusal('denied', 'the person or the provider declined')
      : new SignInRefusal('failed', 'the provider answered with an error');
  const code = codeOf(error);
  const away = error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT';
  return new SignInRefusal(away ? 'unavailable' : 'failed', `the exchange of the code failed: ${code}`);
}
