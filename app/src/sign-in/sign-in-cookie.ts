import type { SecretBox } from '../secrets/secret-box.ts';
import type { SignInChecks } from './identity-provider.ts';

/** A sign-in in progress, which the browser keeps sealed: tasks need no common store, and an anonymous request writes nothing. */
export interface SignInProgress extends SignInChecks {
  /** The path of the console to which the person returns. */
  readonly returnTo: string;
}

/** How long a person may take at the provider. */
export const signInMinutes = 10;

const owner = 'browser';

/** Seals a sign-in that begins now. */
export function sealProgress(box: SecretBox, progress: SignInProgress, now = Date.now()): string {
  const endsAt = now + signInMinutes * 60_000;
  return box.seal(owner, JSON.stringify({ ...progress, endsAt })).toString('base64url');
}

/** Opens a sealed sign-in; `undefined` if it is too old, was changed, or was sealed with another key. */
export function openProgress(box: SecretBox, sealed: string, now = Date.now()): SignInProgress | undefined {
  let text: string;
  try {
    text = box.open(owner, Buffer.from(sealed, 'base64url'));
  } catch {
    return undefined;
  }
  const { endsAt, ...progress } = JSON.parse(text) as SignInProgress & { readonly endsAt: number };
  return now < endsAt ? progress : undefined;
}
