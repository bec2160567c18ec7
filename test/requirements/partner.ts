import { foundation } from './partner-foundation';
import { service } from './partner-service';

/** The API for partners with client certificates. */
export const partner = [...foundation, ...service];
