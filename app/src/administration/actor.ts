import type { FastifyRequest } from 'fastify';
import { principalOf } from '../http/authentication.ts';

/** Who performs an administrative act, in which request. */
export interface Actor {
  /** `operator:ID` or `key:ID`, with the id of the key. */
  readonly name: string;
  readonly correlationId: string;
}

/** Returns the operator or the merchant's key that sent a request. @throws when the request is not authenticated */
export function actorOf(request: FastifyRequest): Actor {
  const { operatorKeyId, id: correlationId } = request;
  const name = operatorKeyId === null ? `key:${principalOf(request).apiKeyId}` : `operator:${operatorKeyId}`;
  return { name, correlationId };
}
