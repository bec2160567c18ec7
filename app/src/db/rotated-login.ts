import { parseConnectionStringSecret } from '../secrets/connection-string-secret.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import { type ConnectionTarget, formatConnectionString, parseConnectionString } from './connection-string.ts';

/** The login in the connection string of a secret. It is read again when the database rejects it. */
export class RotatedLogin {
  readonly #secretArn: string;
  #target: ConnectionTarget;
  #reading: Promise<ConnectionTarget> | undefined;

  /** @param connectionString the value at process start, which a rotation may have replaced since */
  constructor(secretArn: string, connectionString: string) {
    this.#secretArn = secretArn;
    this.#target = parseConnectionString(connectionString);
  }

  /** The latest known target. */
  get target(): ConnectionTarget {
    return this.#target;
  }

  /**
   * Reads the secret, unless another call has read it since `refused` was current. Concurrent calls share one read.
   *
   * @returns whether the target differs from `refused`
   * @throws when the secret cannot be read, or its connection string is missing or invalid
   */
  async renew(refused: ConnectionTarget): Promise<boolean> {
    if (this.#target === refused) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      this.#target = await this.#reading;
    }
    return formatConnectionString(this.#target) !== formatConnectionString(refused);
  }

  async #read(): Promise<ConnectionTarget> {
    return parseConnectionStringSecret(this.#secretArn, await readSecret(this.#secretArn));
  }
}
