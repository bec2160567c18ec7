import { get } from 'node:https';

/* Asks the process beside it whether it lives: what ECS runs in the container, where there is no shell and no curl. */

const request = get(
  // The certificate is the process's own, made at start.
  { host: '127.0.0.1', port: process.env['PORT'] ?? '3000', path: '/health', rejectUnauthorized: false, timeout: 3000 },
  ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
