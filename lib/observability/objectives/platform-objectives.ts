import type { ServiceMetrics } from '../../compute/compute-resources';
import type { BusinessMetrics } from '../business-metrics';
import type { ServiceLevelObjective } from './service-level-objective';

/** The service level objectives of every environment. */
export function platformObjectives(service: ServiceMetrics, business: BusinessMetrics): ServiceLevelObjective[] {
  return [
    {
      id: 'slo-availability',
      badEvents: 'Requests that fail with a 5xx response',
      firstLook: 'Look at the log of the API for `request failed`.',
      targetPercent: 99.95,
      indicator: service.failedRequests,
    },
    {
      id: 'slo-latency',
      badEvents: 'Responses that take longer than a second',
      firstLook: 'Look at the CPU of tasks and database, and at `Time to decide` on the dashboard.',
      targetPercent: 99,
      indicator: service.slowRequests,
    },
    {
      id: 'slo-freshness',
      badEvents: 'Minutes in which an event waits for more than a minute',
      firstLook: 'Look at the log of the API for `outbox delivery failed`, and at the database.',
      targetPercent: 99,
      indicator: business.staleEvents,
    },
  ];
}
