import { type Clause, whenItListens, whenItServes } from '../clause.ts';
import { ask } from '../client.ts';
import { freePort } from '../database-gate.ts';
import { failed, notCheckable, passed } from '../verdict.ts';

/** The timeout of the container health check in ECS. */
const commandSeconds = 5;

export const health: readonly Clause[] = [
  {
    clause: 7,
    title: 'GET /health answers 200 without credentials',
    check: whenItListens(async ({ url }) => {
      const { statusCode } = await ask(url, { path: '/health' });
      return statusCode === 200 ? passed() : failed('200', String(statusCode));
    }),
  },
  {
    clause: 8,
    title: 'GET /health answers 200 while the database is away',
    check: whenItServes(async (started) => {
      const outage = await started.outage();
      if (typeof outage === 'string') return notCheckable(outage);
      if (outage.healthBefore !== 200) return notCheckable('it does not answer 200 with it either; see clause 7');
      return outage.healthDuring === 200 ? passed() : failed('200', String(outage.healthDuring));
    }),
  },
  {
    clause: 9,
    title: 'GET /ready answers 200 while the database can be reached, and 503 while not',
    check: whenItListens(async ({ url, started }) => {
      if (!started) {
        const { statusCode } = await ask(url, { path: '/ready' });
        return statusCode === 200 || statusCode === 503
          ? notCheckable(`answers ${statusCode}; whether it follows the database needs --command`)
          : failed('200 or 503', String(statusCode));
      }
      const outage = await started.outage();
      if (typeof outage === 'string') return notCheckable(outage);
      const { readyBefore, readyDuring, readyAfter } = outage;
      const found = [readyBefore, readyDuring, readyAfter].join(', ');
      return found === '200, 503, 200' ? passed() : failed('200, 503 without the database, and 200 again', found);
    }),
  },
  {
    clause: 10,
    title: 'The health check command ends with 0 while it is healthy only',
    check: whenItServes(async (started) => {
      const { healthCheck, service } = started.settings;
      if (!healthCheck) return notCheckable('needs --health-check');
      const command = { words: healthCheck, environment: service.environment };
      const exitAt = (port: string) => started.launch({ PORT: port }, { command }).endedWithin(commandSeconds);
      const found = [await exitAt(started.url.port), await exitAt(String(await freePort()))];
      return found[0] === 0 && found[1] !== 0 && found[1] !== undefined
        ? passed()
        : failed(
            'exit code 0, and another one where nothing listens',
            found.map((exit) => exit ?? `nothing within ${commandSeconds} seconds`).join(' and '),
          );
    }),
  },
];
