import pg from 'pg';
import type { ConnectionTarget } from './connection-string.ts';
import { isInvalidAuthorization } from './invalid-authorization.ts';
import type { RotatedLogin } from './rotated-login.ts';

/**
 * A pool that follows the rotation of its secret. If the database rejects the login, the pool reads the secret and connects once more. Open
 * connections stay open. A function as `password` would not suffice, because rotation alternates between two logins.
 */
export class RotatedLoginPool extends pg.Pool {
  readonly #login: RotatedLogin;

  /** @param connection returns the client configuration for a target */
  constructor(options: pg.PoolConfig, login: RotatedLogin, connection: (target: ConnectionTarget) => pg.ClientConfig) {
    super({
      ...options,
      Client: class extends pg.Client {
        constructor() {
          super(connection(login.target));
        }
      },
    });
    this.#login = login;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const connecting = this.#connect();
    if (callback === undefined) return connecting;
    connecting.then(
      (client) => {
        callback(undefined, client, (broken) => {
          client.release(broken);
        });
      },
      (error: unknown) => {
        callback(error as Error, undefined, () => undefined);
      },
    );
    return undefined;
  }

  async #connect(): Promise<pg.PoolClient> {
    const { target } = this.#login;
    try {
      return await super.connect();
    } catch (error) {
      if (!isInvalidAuthorization(error) || !(await this.#login.renew(target))) throw error;
      return super.connect();
    }
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (broken?: Error | boolean) => void,
) => void;
