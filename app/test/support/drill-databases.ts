import type pg from 'pg';
import { withConnection } from '../../src/db/with-connection.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { described } from './documents.ts';
import { sealAll } from './ledger-chain.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

/** A live database with some payments, a snapshot of it, and restored copies of the snapshot. */
export class DrillDatabases {
  readonly live: TestPlatform;
  /** A time after the last write to the snapshot. */
  readonly until: Date;
  readonly #snapshot: TestDatabase;

  private constructor(live: TestPlatform, until: Date, snapshot: TestDatabase) {
    this.live = live;
    this.until = until;
    this.#snapshot = snapshot;
  }

  /** Creates five payments: in each of two currencies a partially refunded and an uncaptured one, and a declined one. */
  static async start(): Promise<DrillDatabases> {
    const live = await startPlatform();
    for (const currency of ['EUR', 'USD']) {
      const { id } = await live.pay({ capture: 'automatic', currency });
      await live.post(`/payments/${id}/refunds`, { amountMinor: 300 });
      await live.post(`/payments/${id}/documents`, described(`receipt in ${currency}`));
      await live.pay({ capture: 'manual', currency });
    }
    await live.pay({ paymentToken: 'tok_decline_expired_card' });
    await sealAll(live.database);
    const { name, superuser } = live.database;
    const { rows } = await superuser.query<{ now: Date }>('SELECT now()');
    // PostgreSQL requires that a template has no other connections.
    await superuser.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await superuser.query(`SELECT pg_terminate_backend(pg_backend_pid())`).catch(() => undefined);
    return new DrillDatabases(live, rows[0]?.now ?? new Date(0), await createTestDatabase(name));
  }

  /** Creates a copy of the snapshot. */
  async restore(): Promise<RestoredCopy> {
    return new RestoredCopy(await createTestDatabase(this.#snapshot.name));
  }

  async stop(): Promise<void> {
    await this.#snapshot.drop();
    await this.live.close();
  }
}

/** A copy of the snapshot, for one test. */
export class RestoredCopy {
  readonly database: TestDatabase;

  constructor(database: TestDatabase) {
    this.database = database;
  }

  /** Changes the copy with triggers and constraints disabled, like a corrupt restore. @throws when no row changes */
  async corrupt(statement: string): Promise<void> {
    const client = await this.database.superuser.connect();
    try {
      await client.query('SET session_replication_role = replica');
      const { rowCount } = await client.query(statement);
      if (rowCount === 0) throw new Error(`Nothing is changed by ${statement}.`);
    } finally {
      client.release(true);
    }
  }
}

/** Runs `work` with the login of the drill. */
export function asDrill<T>({ host, port, name }: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection({ host, port, database: name, user: 'payments_drill', password: 'drill' }, work);
}
