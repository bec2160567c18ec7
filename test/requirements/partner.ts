import { foundation } from './partner-foundation';
import { service } from './partner-service';

/** The API of partners, who prove themselves by client certificates. */
export const partner = [...foundation, ...service];
