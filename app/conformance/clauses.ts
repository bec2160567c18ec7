import type { Clause } from './clause.ts';
import { connections } from './clauses/connections.ts';
import { database } from './clauses/database.ts';
import { health } from './clauses/health.ts';
import { image } from './clauses/image.ts';
import { logs } from './clauses/logs.ts';
import { requests } from './clauses/requests.ts';
import { starting } from './clauses/starting.ts';
import { stopping } from './clauses/stopping.ts';

/** Every clause of CONTAINER-CONTRACT.md, in its order. Clauses that stop the process come last. */
export const clauses: readonly Clause[] = [
  ...starting,
  ...connections,
  ...health,
  ...database,
  ...requests,
  ...stopping,
  ...logs,
  ...image,
];
