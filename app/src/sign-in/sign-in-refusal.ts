/** Why a person could not sign in. The console explains each to the person. */
export type RefusalReason =
  /** The provider or the person declined. */
  | 'denied'
  /** The sign-in was not begun in this browser, or too long ago. */
  | 'expired'
  /** The provider's response failed a check. */
  | 'failed'
  | 'no-role'
  /** The merchant is unknown or suspended, or the provider states none. */
  | 'no-merchant'
  /** The provider cannot be reached. */
  | 'unavailable';

/** A refused sign-in. Its message is for the log and contains no token. */
export class SignInRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'SignInRefusal';
    this.reason = reason;
  }
}
