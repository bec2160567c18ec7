import fc from 'fast-check';
import { createThrottles } from '../../../lib/edge/rest-api/create-throttles';

const keyed = (requestsPerMinutePerKey: number) =>
  createThrottles({
    clients: { kind: 'api-key', requestsPerMinutePerKey },
    requestsPerSecond: 500,
    burst: 800,
    administration: false,
  });

test('splits 1000 requests a minute into a rate of 16 and a burst of 40', () => {
  expect(keyed(1000)).toEqual({
    operation: { rateLimit: 500, burstLimit: 800 },
    key: { rateLimit: 16, burstLimit: 40 },
    requestsPerMinutePerKey: 1000,
  });
});

test('leaves room for a burst', () => {
  expect(keyed(120).key).toEqual({ rateLimit: 1, burstLimit: 60 });
  expect(keyed(600).key).toEqual({ rateLimit: 9, burstLimit: 60 });
  expect(keyed(61).key).toEqual({ rateLimit: 1, burstLimit: 1 });
});

test('adds up burst and 60 seconds of rate to the limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 61, max: 600_000 }), (ceiling) => {
      const { rateLimit, burstLimit } = keyed(ceiling).key;
      expect(burstLimit + 60 * rateLimit).toBe(ceiling);
      expect(rateLimit).toBeGreaterThanOrEqual(1);
      expect(burstLimit).toBeGreaterThanOrEqual(1);
      expect(burstLimit).toBeLessThanOrEqual(60);
    }),
  );
});

test('limits clients with certificates by the limits of the API', () => {
  const limit = { rateLimit: 1000, burstLimit: 2000 };
  expect(
    createThrottles({ clients: { kind: 'mutual-tls' }, requestsPerSecond: 1000, burst: 2000, administration: false }),
  ).toEqual({
    operation: limit,
    key: limit,
  });
});
