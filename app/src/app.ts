import fastifyCookie from '@fastify/cookie';
import fastifySwagger from '@fastify/swagger';
import { type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastifyUnderPressure from '@fastify/under-pressure';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify';
import type { Pool } from 'pg';
import type { ChallengeStore } from './acquirer/challenges.ts';
import { adminRoutes } from './administration/admin-routes.ts';
import { apiKeyRoutes } from './administration/api-key-routes.ts';
import { documentRoutes } from './documents/document-routes.ts';
import type { DocumentService } from './documents/document-service.ts';
import { waitQueueOf } from './db/wait-queue.ts';
import { bodyLimitBytes } from './http/body-limit.ts';
import { authenticate, requireScope, type SessionSettings } from './http/authentication.ts';
import { checkClientCertificates, type ClientCertificates } from './http/client-certificates.ts';
import {
  defaultRequestTimeouts,
  handleClientError,
  type RequestTimeouts,
  serverLimits,
} from './http/connection-limits.ts';
import { healthRoutes } from './http/health-routes.ts';
import { type LoadSheddingSettings, shedLoad } from './http/load-shedding.ts';
import { openApi } from './http/open-api.ts';
import { handleProblems, handleInvalidPath } from './http/problem-handler.ts';
import { parseQueryString } from './http/query-string.ts';
import { correlationId, endConnections, logRequests, refuseCardNumbers } from './http/request-hooks.ts';
import { traceRequests } from './http/trace-requests.ts';
import { ledgerRoutes } from './ledger/ledger-routes.ts';
import { sessionRoutes } from './merchants/session-routes.ts';
import type { NoticeReader } from './acquirer/notices.ts';
import { challengeRoutes } from './payments/challenge-routes.ts';
import { noticeRoutes } from './payments/notice-routes.ts';
import { paymentRoutes } from './payments/payment-routes.ts';
import type { PaymentService } from './payments/payment-service.ts';
import { reportRoutes } from './reports/report-routes.ts';
import type { SignIn } from './sign-in/create-sign-in.ts';
import { signInRoutes } from './sign-in/sign-in-routes.ts';
import type { BusinessMetrics } from './telemetry/business-metrics.ts';
import type { Tracing } from './telemetry/tracing.ts';
import type { Webhooks } from './webhooks/create-webhooks.ts';
import { webhookDeliveryRoutes } from './webhooks/webhook-delivery-routes.ts';
import { webhookEndpointRoutes } from './webhooks/webhook-endpoint-routes.ts';

/** The dependencies of the API: everything that differs between AWS, the local platform and tests. */
export interface AppDependencies {
  readonly pool: Pool;
  /** Serves queries that tolerate replication lag: balances, totals and ledger entries. @default - `pool` */
  readonly readPool?: Pool;
  readonly payments: PaymentService;
  /** The challenges of the simulated acquirer. @default - another acquirer decides, and their pages return 404 */
  readonly challenges?: ChallengeStore | undefined;
  /** Reads what the acquirer sends. @default - its route returns 404 */
  readonly notices?: NoticeReader | undefined;
  /** @default - the document routes return 404 */
  readonly documents?: DocumentService | undefined;
  /** @default - the webhook routes return 404 */
  readonly webhooks?: Webhooks | undefined;
  readonly metrics: BusinessMetrics;
  readonly logger: FastifyBaseLogger;
  /** @default - requests are not traced */
  readonly tracing?: Tracing | undefined;
  readonly session: SessionSettings;
  /** @default - persons cannot sign in, and its routes return 404 */
  readonly signIn?: SignIn | undefined;
  /** @default ignored */
  readonly clientCertificates?: ClientCertificates;
  /** When requests are refused because the database cannot answer them in time. */
  readonly loadShedding?: LoadSheddingSettings;
  /** How long a client may take to send a request. @default {@link defaultRequestTimeouts} */
  readonly requestTimeouts?: RequestTimeouts;
  /** Key and certificate as PEM. @default - plain HTTP */
  readonly https?: { readonly key: string; readonly cert: string };
}

/** Ajv rejects unknown fields instead of removing them, and does not coerce types. */
const options = {
  bodyLimit: bodyLimitBytes,
  requestIdHeader: false,
  genReqId: correlationId,
  // logRequests writes one line per request instead of Fastify's two.
  logController: new LogController({ requestIdLogLabel: 'correlationId', disableRequestLogging: true }),
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: false } },
  routerOptions: { maxParamLength: 100, querystringParser: parseQueryString },
  // Longer than the idle timeout of load balancer and CloudFront (60 seconds), so that they never reuse a connection that is being closed.
  keepAliveTimeout: 65_000,
  connectionTimeout: 120_000,
  forceCloseConnections: 'idle',
  // Fastify's own 503 is no problem as in RFC 9457. Requests on open connections are served until these end.
  return503OnClosing: false,
} as const satisfies FastifyServerOptions;

/** Builds the API. The caller makes it listen. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { tracing, pool, payments, documents, metrics, logger, session, loadShedding = {}, https } = dependencies;
  const { requestTimeouts = defaultRequestTimeouts } = dependencies;
  const limits = serverLimits(requestTimeouts);
  const app = Fastify({
    ...options,
    frameworkErrors: handleInvalidPath,
    clientErrorHandler: handleClientError,
    requestTimeout: requestTimeouts.requestMilliseconds,
    http: limits,
    loggerInstance: logger,
    ...(https && { https: { ...limits, ...https, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeout } }),
  }).withTypeProvider<TypeBoxTypeProvider>();

  // The API accepts JSON only.
  app.removeContentTypeParser('text/plain');
  handleProblems(app);
  if (tracing) traceRequests(app, tracing);
  logRequests(app, metrics);
  endConnections(app);
  shedLoad(app, waitQueueOf(pool), metrics, loadShedding);
  refuseCardNumbers(app);
  authenticate(app, pool, session);
  checkClientCertificates(app, pool, dependencies.clientCertificates ?? 'ignored');
  // No limit on the event loop delay, because a short delay, such as at startup, must not reject requests.
  await app.register(fastifyUnderPressure, {
    maxHeapUsedBytes: 600 * 1024 * 1024,
    retryAfter: 1,
  });
  await app.register(fastifyCookie);
  await app.register(fastifySwagger, openApi(app.sessionCookie));

  await app.register(healthRoutes, { pool });
  await app.register(
    async (api) => {
      await api.register(sessionRoutes, { pool, settings: session });
      await api.register(signInRoutes, { pool, settings: session, signIn: dependencies.signIn });
      await api.register(apiKeyRoutes, { pool, owner: 'credential', admit: requireScope('keys:write'), tags: [] });
      await api.register(adminRoutes, { prefix: '/admin', pool });
      await api.register(paymentRoutes, { pool, payments });
      await api.register(challengeRoutes, { pool, payments, challenges: dependencies.challenges });
      await api.register(noticeRoutes, { pool, payments, notices: dependencies.notices });
      await api.register(documentRoutes, { documents });
      await api.register(webhookEndpointRoutes, { pool, webhooks: dependencies.webhooks });
      await api.register(webhookDeliveryRoutes, { pool, webhooks: dependencies.webhooks });
      const reading = {
        readPool: dependencies.readPool ?? pool,
        longestWaitMilliseconds: loadShedding.longestWaitMilliseconds ?? 1000,
      };
      await api.register(ledgerRoutes, reading);
      await api.register(reportRoutes, reading);
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  return app;
}
