import type { VariableReader } from '../variable-reader.ts';
import { isSafeAddress } from './safe-address.ts';

/** Which acquirer decides. */
export type AcquirerEnvironment =
  | {
      readonly kind: 'simulator';
      /** The origin of its pages, such as `http://localhost:8080`. @default - their URLs are relative to the address of the API */
      readonly origin?: string;
    }
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
  SIMULATOR_ORIGIN: undefined,
};

/** Reads which acquirer decides. Reports an invalid URL, and two acquirers at once. */
export function readAcquirerEnvironment(
  reader: VariableReader<never, (typeof variables)[number] | 'SIMULATOR_ORIGIN'>,
): AcquirerEnvironment {
  const [url, keySecretArn, keyFile] = variables.map((name) => reader.optional(name));
  const given = variables.filter((_name, index) => [url, keySecretArn, keyFile][index] !== undefined);
  if (given.length > 1) reader.report(`${given.join(' and ')} name different acquirers; keep one of them`);
  if (keySecretArn !== undefined) return { kind: 'stripe', keySecretArn };
  if (keyFile !== undefined) return { kind: 'stripe', keyFile };
  if (url === undefined) return simulator(reader.optional('SIMULATOR_ORIGIN'), reader);
  // The value is not shown, because it may contain a password.
  if (!isSafeAddress(url))
    reader.report('ACQUIRER_URL is invalid; use an https:// URL without credentials, or http:// on 127.0.0.1');
  return { kind: 'http', url };
}

function simulator(
  origin: string | undefined,
  reader: Pick<VariableReader<never, never>, 'report'>,
): AcquirerEnvironment {
  if (origin === undefined) return { kind: 'simulator' };
  if (!isSafeAddress(origin) || new URL(origin).origin !== origin)
    reader.report(`SIMULATOR_ORIGIN = "${origin}"; use an origin without a path, such as https://pay.example.com`);
  return { kind: 'simulator', origin };
}
