import { foundation } from './metered-foundation';
import { service } from './metered-service';

/** The API behind an API Gateway with keys and quotas, on a serverless database. */
export const metered = [...foundation, ...service];
