import { targetOfSecret } from '../secrets/connection-string-secret.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import { type ConnectionTarget, formatConnectionString, parseConnectionString } from './connection-string.ts';

/** Whoever the connection string of a secret says: known from the start, and read again when the database no longer takes it. */
export class RotatedLogin {
  readonly #secretArn: string;
  #target: ConnectionTarget;
  #reading: Promise<ConnectionTarget> | undefined;

  /** @param connectionString what the process was started with, which a rotation may have replaced since */
  constructor(secretArn: string, connectionString: string) {
    this.#secretArn = secretArn;
    this.#target = parseConnectionString(connectionString);
  }

  /** What to connect with now. */
  get target(): ConnectionTarget {
    return this.#target;
  }

  /**
   * Reads the secret, unless that has happened since `refused` was current. Connections that fail together ask once.
   *
   * @returns whether there is something else to connect with now
   * @throws when the secret cannot be read, or holds no connection string that may be used
   */
  async renew(refused: ConnectionTarget): Promise<boolean> {
    if (this.#target === refused) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      this.#target = await this.#reading;
    }
    return formatConnectionString(this.#target) !== formatConnectionString(refused);
  }

  async #read(): Promise<ConnectionTarget> {
    return targetOfSecret(this.#secretArn, await readSecret(this.#secretArn));
  }
}
