import type { TestPlatform } from '../test-platform';
import { type NamedMetric, templateAlarms } from './template-alarms';

/** A metric with the alarm or the dashboard that names it. */
export interface NamedBy extends NamedMetric {
  readonly by: string;
  /** With a unit, data with another unit is ignored. */
  readonly unit: string | undefined;
}

type DashboardMetric = readonly (string | { readonly unit?: string; readonly expression?: string })[];
interface DashboardBody {
  readonly widgets: readonly { readonly properties: { readonly metrics?: readonly DashboardMetric[] } }[];
}

/** Every metric that an alarm or a dashboard of the platform names. */
export function namedMetrics(platform: TestPlatform): NamedBy[] {
  const alarms = templateAlarms(platform).flatMap(({ id, queries }) =>
    Object.values(queries).map(({ metric, unit }) => ({ ...metric, unit, by: `alarm ${id}` })),
  );
  const dashboards = platform.all.flatMap(({ resources }) =>
    resources.properties('AWS::CloudWatch::Dashboard').flatMap(({ DashboardBody: body }) => metricsOf(bodyOf(body))),
  );
  return [...alarms, ...dashboards];
}

/** The body as JSON; what is only known at deployment is left as its logical id. */
function bodyOf(body: unknown): DashboardBody {
  const { 'Fn::Join': [, parts] = ['', [body]] } = (body ?? {}) as { 'Fn::Join'?: [string, unknown[]] };
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replace(/["{}[\]]/g, '')));
  return JSON.parse(text.join('')) as DashboardBody;
}

/** A widget repeats what a row has in common with the one before as `.` and `...`; CDK writes every row in full. */
function metricsOf({ widgets }: DashboardBody): NamedBy[] {
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .flatMap((row) => {
      const names = row.filter((part) => typeof part === 'string');
      const [options] = row.filter((part) => typeof part !== 'string');
      const [namespace, metricName, ...dimensions] = names;
      if (namespace === undefined || metricName === undefined) return [];
      const pairs = dimensions.flatMap((name, index) => (index % 2 === 0 ? [[name, dimensions[index + 1] ?? '']] : []));
      return [
        {
          namespace,
          metricName,
          dimensions: Object.fromEntries(pairs) as Record<string, string>,
          unit: options?.unit,
          by: 'the dashboard',
        },
      ];
    });
}
