import type { DeploymentConfig } from '../../config/deployment-profile';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ServiceMetrics } from '../compute-resources';

/** Alarms that roll a deployment back: errors, unhealthy targets and latency. */
export function rollbackAlarms(config: DeploymentConfig['rollback'], metrics: ServiceMetrics): AlarmDefinition[] {
  return [
    {
      id: 'rollback-server-errors',
      severity: 'page',
      meaning: `More than ${config.serverErrorPercent} % of requests fail. CodeDeploy rolls a running deployment back.`,
      firstLook: 'Look at the log of the new tasks.',
      // Without a least count: with little traffic, a deployment rolled back for nothing costs less than a broken version.
      metric: metrics.serverErrorPercent,
      threshold: config.serverErrorPercent,
      evaluationPeriods: 2,
    },
    {
      id: 'rollback-unhealthy-hosts',
      severity: 'page',
      meaning: 'Tasks behind the load balancer fail their health check. CodeDeploy rolls a running deployment back.',
      firstLook: 'Look at the service events and at the last log lines of stopped tasks.',
      metric: metrics.unhealthyHosts,
      threshold: 1,
      evaluationPeriods: 3,
    },
    {
      id: 'rollback-latency',
      severity: 'page',
      meaning: `The slowest 1 % of requests take longer than ${config.latencyP99Milliseconds} ms. CodeDeploy rolls a running deployment back.`,
      firstLook: 'Look at the CPU of tasks and database.',
      metric: metrics.latencySeconds.p99,
      threshold: config.latencyP99Milliseconds / 1000,
      evaluationPeriods: 3,
    },
  ];
}
