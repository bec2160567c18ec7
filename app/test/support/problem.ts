import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import type { ProblemDetail } from '../../src/problems.ts';

/** A problem document. */
export interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly correlationId: string;
  readonly errors?: readonly ProblemDetail[];
}

/** Asserts that a response is this complete problem document with the correlation id of its header, and returns it. */
export function expectProblem(response: LightMyRequestResponse, status: number, slug: string): ProblemBody {
  expect({ status: response.statusCode, type: response.json<ProblemBody>().type }).toEqual({
    status,
    type: `/problems/${slug}`,
  });
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.json()).toMatchObject({
    status,
    title: expect.stringMatching(/./) as string,
    detail: expect.stringMatching(/./) as string,
    instance: expect.stringMatching(/^\//) as string,
    correlationId: response.headers['x-correlation-id'],
  });
  return response.json<ProblemBody>();
}
