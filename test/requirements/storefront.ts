import { foundation } from './storefront-foundation';
import { service } from './storefront-service';

/** The public web application: console behind CloudFront, API behind a public HTTPS load balancer. */
export const storefront = [...foundation, ...service];
