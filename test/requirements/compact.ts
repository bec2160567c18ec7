import { foundation } from './compact-foundation';
import { service } from './compact-service';

/** The small platform behind a public HTTPS load balancer. */
export const compact = [...foundation, ...service];
