import { isLoopback } from '../loopback.ts';
import type { VariableReader } from '../variable-reader.ts';

/** Which acquirer decides. */
export type AcquirerEnvironment =
  | { readonly kind: 'simulator' }
  /** An acquirer that speaks the protocol of `HttpAcquirer`. */
  | { readonly kind: 'http'; readonly url: string }
  /** Stripe, with its secret key in a secret of Secrets Manager, or in a file on the local platform. */
  | { readonly kind: 'stripe'; readonly keySecretArn: string }
  | { readonly kind: 'stripe'; readonly keyFile: string };

const variables = ['ACQUIRER_URL', 'STRIPE_KEY_SECRET_ARN', 'STRIPE_KEY_FILE'] as const;
/** The defaults of the variables. */
export const acquirerDefaults = {
  ACQUIRER_URL: undefined,
  STRIPE_KEY_SECRET_ARN: undefined,
  STRIPE_KEY_FILE: undefined,
};

/** Reads which acquirer decides. Reports an invalid URL, and two acquirers at once. */
export function readAcquirerEnvironment(
  reader: VariableReader<never, (typeof variables)[number]>,
): AcquirerEnvironment {
  const [url, keySecretArn, keyFile] = variables.map((name) => reader.optional(name));
  const given = variables.filter((_name, index) => [url, keySecretArn, keyFile][index] !== undefined);
  if (given.length > 1) reader.report(`${given.join(' and ')} name different acquirers; keep one of them`);
  if (keySecretArn !== undefined) return { kind: 'stripe', keySecretArn };
  if (keyFile !== undefined) return { kind: 'stripe', keyFile };
  if (url === undefined) return { kind: 'simulator' };
  // The value is not shown, because it may contain a password.
  if (!isAcquirerUrl(url))
    reader.report('ACQUIRER_URL is invalid; use an https:// URL without credentials, or http:// on 127.0.0.1');
  return { kind: 'http', url };
}

function isAcquirerUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return encrypted && username === '' && password === '';
}
