import { isLoopback } from '../loopback.ts';
import type { VariableReader } from '../variable-reader.ts';

/** The identity provider with which persons sign in to the console, and how long their sessions last. */
export interface SignInEnvironment {
  /** As the provider's discovery document states it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret:
    | { readonly kind: 'secret'; readonly arn: string }
    /** Local platform only. */
    | { readonly kind: 'file'; readonly path: string };
  /** The origin of the console. The provider redirects to a path below it. */
  readonly redirectBase: string;
  readonly claims: ClaimNames;
  readonly signOutParameter: SignOutParameter;
  /** A session ends when it has not been used for this long. */
  readonly idleMinutes: number;
  /** A session ends after this long, however much it is used. */
  readonly maxMinutes: number;
}

/** The names of the claims in the ID token that say for whom and in which role a person acts. */
export interface ClaimNames {
  readonly role: string;
  readonly merchant: string;
}

/**
 * The parameter that tells the provider where to send the browser after sign-out. The first is OpenID Connect's, the second Amazon Cognito's.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export const signOutParameters = ['post_logout_redirect_uri', 'logout_uri'] as const;
export type SignOutParameter = (typeof signOutParameters)[number];

/** The defaults of the variables. PCI DSS 8.2.8 ends idle sessions after 15 minutes. */
export const signInDefaults = {
  OIDC_ISSUER: undefined,
  OIDC_CLIENT_ID: undefined,
  OIDC_CLIENT_SECRET_ARN: undefined,
  OIDC_CLIENT_SECRET_FILE: undefined,
  OIDC_REDIRECT_BASE: undefined,
  OIDC_ROLE_CLAIM: 'role',
  OIDC_MERCHANT_CLAIM: 'merchant_id',
  OIDC_SIGN_OUT_PARAMETER: 'post_logout_redirect_uri',
  OIDC_IDLE_MINUTES: '15',
  OIDC_MAX_MINUTES: '480',
} as const;

type Reader = VariableReader<never, keyof typeof signInDefaults>;

/** Reads the variables and reports invalid ones. Returns `undefined` without an issuer: the console accepts API keys only. */
export function readSignInEnvironment(reader: Reader): SignInEnvironment | undefined {
  const issuer = reader.optional('OIDC_ISSUER');
  const needed = ['OIDC_CLIENT_ID', 'OIDC_REDIRECT_BASE'] as const;
  const secrets = ['OIDC_CLIENT_SECRET_ARN', 'OIDC_CLIENT_SECRET_FILE'] as const;
  const given = (names: readonly (keyof typeof signInDefaults)[]) =>
    names.filter((name) => reader.optional(name) !== undefined);
  const idleMinutes = reader.integer('OIDC_IDLE_MINUTES', 5, 60);
  const maxMinutes = reader.integer('OIDC_MAX_MINUTES', 5, 1440);
  const signOutParameter = reader.oneOf('OIDC_SIGN_OUT_PARAMETER', signOutParameters);
  if (issuer === undefined) {
    for (const name of given([...needed, ...secrets]))
      reader.report(`${name} is set without OIDC_ISSUER; set both or neither`);
    return undefined;
  }
  for (const name of needed)
    if (reader.optional(name) === undefined) reader.report(`${name} is missing; OIDC_ISSUER needs it`);
  if (given(secrets).length !== 1)
    reader.report(`${secrets.join(' and ')}: ${given(secrets).length} are set; OIDC_ISSUER needs exactly one of them`);
  const redirectBase = reader.optional('OIDC_REDIRECT_BASE') ?? '';
  refuseUnsafe(reader, 'OIDC_ISSUER', issuer);
  if (redirectBase !== '') refuseUnsafe(reader, 'OIDC_REDIRECT_BASE', redirectBase);
  if (URL.canParse(redirectBase) && new URL(redirectBase).origin !== redirectBase)
    reader.report(
      `OIDC_REDIRECT_BASE = "${redirectBase}"; use an origin without a path, such as https://pay.example.com`,
    );
  const arn = reader.optional('OIDC_CLIENT_SECRET_ARN');
  return {
    issuer,
    clientId: reader.optional('OIDC_CLIENT_ID') ?? '',
    clientSecret:
      arn === undefined
        ? { kind: 'file', path: reader.optional('OIDC_CLIENT_SECRET_FILE') ?? '' }
        : { kind: 'secret', arn },
    redirectBase,
    claims: {
      role: reader.optional('OIDC_ROLE_CLAIM') ?? '',
      merchant: reader.optional('OIDC_MERCHANT_CLAIM') ?? '',
    },
    signOutParameter,
    idleMinutes,
    maxMinutes,
  };
}

/** Reports a URL over which others could read codes and tokens. The value is not shown if it may contain a password. */
function refuseUnsafe(reader: Reader, name: 'OIDC_ISSUER' | 'OIDC_REDIRECT_BASE', value: string): void {
  const remedy = 'use an https:// URL without credentials, query and fragment, or http:// on this machine';
  if (!URL.canParse(value)) {
    reader.report(`${name} = "${value}"; ${remedy}`);
    return;
  }
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  if (username !== '' || password !== '') reader.report(`${name} contains credentials; ${remedy}`);
  else if (!encrypted || search !== '' || hash !== '') reader.report(`${name} = "${value}"; ${remedy}`);
}
