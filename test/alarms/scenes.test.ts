import { type AlarmHistory, evaluateAlarm, evaluateComposite, type Timeline } from '../support/alarms/evaluate-alarm';
import { healthyDay, metricText, type MetricRule, ruleOf } from '../support/alarms/healthy-day';
import { type Scene, scenes } from '../support/alarms/scenes';
import { compositeAlarms, type TemplateAlarm, templateAlarms } from '../support/alarms/template-alarms';
import { contextsWithEveryPart } from '../support/every-part';
import { testPlatform } from '../support/test-platform';

const noon = 720;
const domain = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };

/** Alarms that some platform of this file has. */
const known = new Set<string>();

/** Every profile as it is, and with every optional part and a domain. */
const contexts = Object.entries(contextsWithEveryPart).map(
  ([name, context]) =>
    [name, 'domainName' in context || !name.includes('every part') ? context : { ...context, ...domain }] as const,
);

const changesOf = (alarm: TemplateAlarm, changes: readonly MetricRule[]) =>
  Object.values(alarm.queries).some(({ metric }) => changes.some(([pattern]) => pattern.test(metricText(metric))));

function timelineOf({ from = noon, minutes = 60, changes }: Scene, lateMinutes: number): Timeline {
  return {
    firstMinute: from,
    lastMinute: from + minutes,
    lateMinutes,
    samplesOf: (metric) => {
      const [, usual] = ruleOf(healthyDay, metric);
      const [, changed] = changes.find(([pattern]) => pattern.test(metricText(metric))) ?? [undefined, usual];
      return (minute) => (minute >= from ? changed(minute) : usual(minute));
    },
  };
}

describe.each(contexts)('the alarms of %s', (_name, context) => {
  const platform = testPlatform(context);
  const alarms = templateAlarms(platform);
  const composites = compositeAlarms(platform, alarms);
  const ids = new Set([...alarms, ...composites].map(({ id }) => id));

  for (const id of ids) known.add(id);

  const firing = (candidates: readonly TemplateAlarm[], timeline: Timeline) => {
    const histories = new Map(candidates.map((alarm) => [alarm, evaluateAlarm(alarm, timeline)]));
    const quiet: AlarmHistory = { fired: false, last: 'OK', changes: [] };
    const historyOf = (alarm: TemplateAlarm) => histories.get(alarm) ?? quiet;
    const fired = candidates.filter((alarm) => historyOf(alarm).fired);
    const composed = composites.filter((composite) => evaluateComposite(composite, historyOf).fired);
    return [...new Set([...fired, ...composed].map(({ id }) => id))].sort();
  };

  describe.each([
    ['data come at once', 0],
    ['the newest minute is late', 1],
  ])('when %s', (_when, lateMinutes) => {
    test('do not fire during a healthy day and night', () => {
      const day: Timeline = {
        firstMinute: 0,
        lastMinute: 1440,
        lateMinutes,
        samplesOf: (metric) => ruleOf(healthyDay, metric)[1],
      };
      expect(firing(alarms, day)).toEqual([]);
    });

    test.each(Object.entries(scenes))('%s', (_title, scene) => {
      const affected = alarms.filter((alarm) => changesOf(alarm, scene.changes));
      expect(firing(affected, timelineOf(scene, lateMinutes))).toEqual(scene.fires.filter((id) => ids.has(id)).sort());
    });
  });

  test('each fire in at least one scene', () => {
    const told = new Set(Object.values(scenes).flatMap(({ fires }) => fires));
    expect([...ids].filter((id) => !told.has(id))).toEqual([]);
  });
});

test('lists only alarms that exist', () => {
  const told = Object.values(scenes).flatMap(({ fires }) => fires);
  expect(told.filter((id) => !known.has(id))).toEqual([]);
});

/** From midnight to midnight; the certificate ends after 40 days, and ACM then reports nothing. */
const endingCertificate: Timeline = {
  firstMinute: 0,
  lastMinute: 50 * 1440,
  lateMinutes: 0,
  samplesOf: () => (minute) => {
    const days = 40 - Math.floor(minute / 1440);
    return minute % 720 === 0 && days > 0 ? [days] : undefined;
  },
};

test.each(contexts)('%s: keeps the certificate alarm firing after the certificate expires', (_name, context) => {
  const expiry = templateAlarms(testPlatform(context)).filter(({ id }) => id.endsWith('-certificate-expiry'));
  for (const alarm of expiry)
    expect(evaluateAlarm(alarm, endingCertificate)).toMatchObject({ fired: true, last: 'ALARM' });
});
