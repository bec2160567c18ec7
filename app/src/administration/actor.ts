import type { FastifyRequest } from 'fastify';
import { principalOf } from '../http/authentication.ts';
import type { Holder } from '../merchants/merchant-repository.ts';

/** Who performs an administrative act, in which request. */
export interface Actor {
  /** `operator:ID` or `key:ID`, with the id of the key, or `person:SUBJECT`. */
  readonly name: string;
  readonly correlationId: string;
}

/** Returns the operator, the merchant's key or the person that sent a request. @throws when the request is not authenticated */
export function actorOf(request: FastifyRequest): Actor {
  const { operatorKeyId, id: correlationId } = request;
  const name = operatorKeyId === null ? nameOf(principalOf(request).holder) : `operator:${operatorKeyId}`;
  return { name, correlationId };
}

function nameOf(holder: Holder): string {
  return holder.kind === 'key' ? `key:${holder.id}` : `person:${holder.subject}`;
}
