import { type Clause, whenItIsOurs, whenItServes } from '../clause.ts';
import { failed, notCheckable, passed } from '../verdict.ts';

/** The timeout of migrations, which may wait for the database and for each other. */
const migrationSeconds = 120;

export const database: readonly Clause[] = [
  {
    clause: 11,
    title: 'Reaches its database where its environment says',
    check: whenItServes(async ({ gate, url }) => {
      if (!gate) return notCheckable('its database is not at 127.0.0.1, so its connections cannot be broken');
      return gate.connections > 0
        ? passed()
        : failed(`a connection to port ${gate.port}`, `none, although ${url.href} is served`);
    }),
  },
  {
    clause: 12,
    title: 'Proves itself to the database as DATABASE_AUTHENTICATION says, over verified TLS',
    check: async () => notCheckable('tokens, secrets and certificates are of AWS; seen at the first deployment'),
  },
  {
    clause: 13,
    title: 'migrate.js as first argument brings the schema up to date, and may be repeated',
    check: whenItIsOurs(async ({ settings, launch }) => {
      const { migrate: command } = settings;
      if (!command) return notCheckable('needs --migrate');
      const exits: unknown[] = [];
      for (const changes of [{}, {}, { DATABASE_HOST: undefined }]) {
        const process = launch(changes, { command });
        exits.push((await process.endedWithin(migrationSeconds)) ?? `nothing within ${migrationSeconds} seconds`);
        await process.kill();
      }
      const [first, second, misled] = exits;
      return first === 0 && second === 0 && misled !== 0
        ? passed()
        : failed('an exit with 0, again with 0, and with another code without DATABASE_HOST', exits.join(', '));
    }),
  },
];
