import { evaluateAlarm, evaluateComposite, type Samples, type Timeline } from '../support/alarms/evaluate-alarm';
import {
  compositeAlarms,
  type NamedMetric,
  type TemplateAlarm,
  templateAlarms,
} from '../support/alarms/template-alarms';
import { testPlatform } from '../support/test-platform';

const hour = 60;
const day = 24 * hour;
const platform = testPlatform();
const alarms = templateAlarms(platform);
const composites = compositeAlarms(platform, alarms);

/** From the incident's begin, minute 0, for a day. */
function timeline(samplesOf: (metric: NamedMetric, minute: number) => Samples, lastMinute = day): Timeline {
  return { firstMinute: 0, lastMinute, lateMinutes: 0, samplesOf: (metric) => (minute) => samplesOf(metric, minute) };
}

/** Requests of which `failed` fail in the minutes from 0 to `minutes`, exclusive. */
const failingRequests = (requests: number, failed: number, minutes: number) =>
  timeline(({ metricName }, minute) => {
    const failedNow = minute >= 0 && minute < minutes ? failed : 0;
    if (metricName === 'HTTPCode_Target_2XX_Count' && requests > failedNow) return [requests - failedNow];
    return metricName === 'HTTPCode_Target_5XX_Count' && failedNow > 0 ? [failedNow] : undefined;
  }, minutes + day);

/** The minutes in which a composite alarm began and ceased to fire. */
function firing(id: string, incident: Timeline): { began: number | undefined; ended: number | undefined } {
  const composite = composites.find((each) => each.id === id);
  if (!composite) throw new Error(`There is no composite alarm ${id}.`);
  const { changes } = evaluateComposite(composite, (alarm: TemplateAlarm) => evaluateAlarm(alarm, incident));
  return { began: changes[0]?.minute, ended: changes[1]?.minute };
}

// Table 5-8 of https://sre.google/workbook/alerting-on-slos/, for 99.95 %: the detection time is the window times the burn rate of the alarm
// divided by that of the incident.
test.each([
  { title: 'a total outage', failed: 1000, pagesAfter: 1 },
  { title: '10 % of requests fail', failed: 100, pagesAfter: 5 },
  { title: '1 % of requests fail', failed: 10, pagesAfter: 44 },
  { title: '0.4 % of requests fail', failed: 4, pagesAfter: 4.5 * hour },
])('pages $pagesAfter minutes into an incident: $title', ({ failed, pagesAfter }) => {
  const { began = NaN } = firing('slo-availability-fast-burn', failingRequests(1000, failed, 6 * hour));
  expect(began).toBeGreaterThanOrEqual(pagesAfter);
  // An evaluation every twelfth of a period, here of up to six hours.
  expect(began).toBeLessThanOrEqual(pagesAfter + 30);
});

test('ends a page when the short window has passed, long before the long one has', () => {
  const { ended = NaN } = firing('slo-availability-fast-burn', failingRequests(1000, 20, 30));
  expect(ended).toBeGreaterThan(30);
  expect(ended).toBeLessThanOrEqual(30 + 10);
});

test('asks for a ticket, and pages nobody, when the budget is spent slightly too fast for days', () => {
  const incident = failingRequests(1000, 1, 3 * day);
  expect(firing('slo-availability-fast-burn', incident).began).toBeUndefined();
  const { began = NaN } = firing('slo-availability-slow-burn', incident);
  expect(began).toBeGreaterThanOrEqual(1.5 * day);
  expect(began).toBeLessThan(2 * day);
});

test.each(['fast', 'slow'])('%s: does not fire while the budget lasts for 30 days', (speed) => {
  const incident = failingRequests(2500, 1, 6 * day);
  expect(firing(`slo-availability-${speed}-burn`, incident).began).toBeUndefined();
});

test.each(['fast', 'slow'])('%s: does not fire for one failure in ten requests', (speed) => {
  const night = timeline(({ metricName }, minute) => {
    if (metricName === 'HTTPCode_Target_2XX_Count') return minute % hour === 0 ? [9] : undefined;
    return metricName === 'HTTPCode_Target_5XX_Count' && minute === 2 * hour ? [1] : undefined;
  });
  expect(firing(`slo-availability-${speed}-burn`, night).began).toBeUndefined();
});

test('pages when all of a few requests fail', () => {
  const { began = NaN } = firing('slo-availability-fast-burn', failingRequests(1, 1, hour));
  expect(began).toBe(10);
});

test('counts responses of more than a second, and not those of exactly a second', () => {
  const responses = (seconds: number) =>
    timeline(({ metricName }, minute) =>
      metricName === 'TargetResponseTime' ? Array.from({ length: 20 }, () => (minute >= 0 ? seconds : 0.1)) : undefined,
    );
  expect(firing('slo-latency-fast-burn', responses(1)).began).toBeUndefined();
  expect(firing('slo-latency-fast-burn', responses(1.2)).began).toBeLessThanOrEqual(15);
});

test('pages when events wait for longer than a minute for a quarter of an hour', () => {
  const lag = (minutes: number) =>
    timeline(({ metricName }, minute) =>
      metricName === 'OutboxLag' ? [1, 2, 3].map(() => (minute >= 0 && minute < minutes ? 90 : 0)) : undefined,
    );
  expect(firing('slo-freshness-fast-burn', lag(5)).began).toBeUndefined();
  expect(firing('slo-freshness-fast-burn', lag(15)).began).toBeLessThanOrEqual(15);
});

test('stays OK without any data', () => {
  const none = timeline(() => undefined, day);
  for (const { id } of composites.filter((each) => each.id.startsWith('slo-'))) {
    expect(firing(id, none).began).toBeUndefined();
  }
});

test('keeps to what CloudWatch accepts: windows of at most seven days, ten metrics, and 1024 characters', () => {
  const templates = platform.templates.observability.properties('AWS::CloudWatch::Alarm');
  const burnRates = templates.filter(({ AlarmName }) => String(AlarmName).startsWith('slo-'));
  expect(burnRates).toHaveLength(18);
  for (const { AlarmName, EvaluationPeriods, Metrics } of burnRates) {
    const queries = Metrics as { Expression?: string; MetricStat?: { Period: number } }[];
    const [period = 0, ...others] = new Set(queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
    expect([AlarmName, others]).toEqual([AlarmName, []]);
    expect(period * Number(EvaluationPeriods)).toBeLessThanOrEqual(period < 3600 ? 86_400 : 604_800);
    expect(queries.filter(({ MetricStat }) => MetricStat).length).toBeLessThanOrEqual(10);
    for (const { Expression = '' } of queries) expect(Expression.length).toBeLessThanOrEqual(1024);
  }
});

test('shows on the dashboard what is left of each budget of 30 days', () => {
  const [, { Properties }] = platform.templates.observability.only('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(Properties['DashboardBody']);
  for (const target of [99.95, 99]) expect(body).toContain(`Error budget left of 30 days, ${target} %`);
  expect(body.match(/-P30D/g)).toHaveLength(3);
});
