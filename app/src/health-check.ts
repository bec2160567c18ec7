import { get } from 'node:https';

/* The container health check of ECS. The image has neither a shell nor curl. */

const request = get(
  // The API generates its certificate at start, so no CA signs it.
  { host: '127.0.0.1', port: process.env['PORT'] ?? '3000', path: '/health', rejectUnauthorized: false, timeout: 3000 },
  ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
