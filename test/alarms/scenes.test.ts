import { evaluateAlarm, type Timeline } from '../support/alarms/evaluate-alarm';
import { healthyDay, metricText, type MetricRule, ruleOf } from '../support/alarms/healthy-day';
import { type Scene, scenes } from '../support/alarms/scenes';
import { compositeAlarms, type TemplateAlarm, templateAlarms } from '../support/alarms/template-alarms';
import { contextsWithEveryPart } from '../support/every-part';
import { testPlatform } from '../support/test-platform';

const noon = 720;
const domain = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };

/** Every profile as it is, and with every optional part and a domain. */
const contexts = Object.entries(contextsWithEveryPart).map(
  ([name, context]) =>
    [name, 'domainName' in context || !name.includes('every part') ? context : { ...context, ...domain }] as const,
);

const changesOf = (alarm: TemplateAlarm, changes: readonly MetricRule[]) =>
  Object.values(alarm.queries).some(({ metric }) => changes.some(([pattern]) => pattern.test(metricText(metric))));

function timelineOf({ minutes = 60, changes }: Scene, lateMinutes: number): Timeline {
  return {
    firstMinute: noon,
    lastMinute: noon + minutes,
    lateMinutes,
    samplesOf: (metric) => {
      const [, usual] = ruleOf(healthyDay, metric);
      const [, changed] = changes.find(([pattern]) => pattern.test(metricText(metric))) ?? [undefined, usual];
      return (minute) => (minute >= noon ? changed(minute) : usual(minute));
    },
  };
}

describe.each(contexts)('the alarms of %s', (_name, context) => {
  const platform = testPlatform(context);
  const alarms = templateAlarms(platform);
  const composites = compositeAlarms(platform, alarms);
  const ids = new Set([...alarms, ...composites].map(({ id }) => id));

  const firing = (candidates: readonly TemplateAlarm[], timeline: Timeline) => {
    const fired = candidates.filter((alarm) => evaluateAlarm(alarm, timeline).fired);
    const composed = composites.filter(({ anyOf }) => anyOf.some((alarm) => fired.includes(alarm)));
    return [...new Set([...fired, ...composed].map(({ id }) => id))].sort();
  };

  describe.each([
    ['data come at once', 0],
    ['the newest minute is late', 1],
  ])('when %s', (_when, lateMinutes) => {
    test('are silent for a healthy day and night', () => {
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

  test('fire in at least one scene each', () => {
    const told = new Set(Object.values(scenes).flatMap(({ fires }) => fires));
    expect([...ids].filter((id) => !told.has(id))).toEqual([]);
  });
});
