import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IAlarm,
  AlarmStatusWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { QueueMetrics, ServiceMetrics } from '../compute/compute-resources';
import type { IPaymentsDatabase } from '../data/data-resources';
import type { EdgeResources } from '../edge/edge-resources';
import type { BusinessMetrics } from './business-metrics';
import { budgetLeftPercent, type ServiceLevelObjective } from './objectives/service-level-objective';

export interface PlatformDashboardProps {
  readonly dashboardName: string;
  readonly url: string;
  /** The URL or path of the runbook. */
  readonly runbook: string;
  readonly service: ServiceMetrics;
  /** @default - no rows for a queue */
  readonly queue: QueueMetrics | undefined;
  readonly database: IPaymentsDatabase['metrics'];
  readonly edge: EdgeResources['metrics'];
  readonly business: BusinessMetrics;
  readonly objectives: readonly ServiceLevelObjective[];
  readonly alarms: readonly IAlarm[];
}

/** The dashboard for operators: alarms, response times and errors, payments, tasks and database. */
export class PlatformDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: PlatformDashboardProps) {
    const { dashboardName, url, runbook, service, queue, database, edge, business, objectives, alarms } = props;
    const { p50, p90, p99 } = service.latencySeconds;
    super(scope, id, {
      dashboardName,
      widgets: [
        [
          new TextWidget({
            markdown: `# Payment platform\n${url} · runbook: ${runbook}`,
            width: 24,
            height: 2,
          }),
        ],
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
        objectives.map(errorBudget),
        row(
          graph('Response time, seconds', p50, p90, p99, edge.latencyP99Seconds),
          graph('Error rate, %', service.serverErrorPercent, edge.serverErrorPercent, edge.clientErrorPercent),
          graph('Requests', service.requestCount, edge.requests, ...edge.blockedRequests),
        ),
        row(
          graph('Payments a minute', business.processed, business.approved, business.declined, business.refunds),
          graph('Approval rate, %', business.approvalPercent),
          graph('Time to decide, ms', business.durationP99),
        ),
        row(
          graph('Tasks', service.runningTasks, service.desiredTasks),
          graph('Healthy and unhealthy targets', service.healthyHosts, service.unhealthyHosts),
          graph('CPU and memory of tasks, %', service.cpuPercent, service.memoryPercent),
        ),
        row(
          graph('Database connections', database.connections),
          graph('Database CPU, %', database.cpuPercent),
          graph('Events and webhooks waiting, seconds', business.outboxLagSeconds, business.webhookLagSeconds),
        ),
        ...(queue ? queueRows(queue, business) : []),
      ],
    });
  }
}

function queueRows(
  { waiting, inFlight, deadLetters, oldestSeconds }: QueueMetrics,
  business: BusinessMetrics,
): IWidget[][] {
  const { queuedDuration, queuedFinished, queuedFailed, queuedSuccessPercent } = business;
  return [
    row(
      graph('Payment queue, messages', waiting, inFlight, deadLetters),
      graph('Payment queue, age of the oldest message, seconds', oldestSeconds),
      graph('Asynchronous payments a minute', queuedFinished, queuedFailed),
    ),
    row(
      graph('Asynchronous payments, accepted until decided, ms', queuedDuration.p50, queuedDuration.p99),
      graph('Asynchronous payments, success rate, %', queuedSuccessPercent),
    ),
  ];
}

function row(...widgets: IWidget[]): IWidget[] {
  return widgets;
}

/** What is left of the error budget of the last 30 days, whatever time range the dashboard shows. */
function errorBudget(objective: ServiceLevelObjective): IWidget {
  return new SingleValueWidget({
    title: `Error budget left of 30 days, ${objective.targetPercent} %`,
    metrics: [budgetLeftPercent(objective, Duration.days(30))],
    start: '-P30D',
    end: 'P0D',
    setPeriodToTimeRange: true,
    width: 8,
    height: 3,
  });
}

/** A graph of the metrics that the profile has. */
function graph(title: string, ...metrics: (IMetric | undefined)[]): GraphWidget {
  return new GraphWidget({ title, left: metrics.filter((metric) => metric !== undefined), width: 8, height: 6 });
}
