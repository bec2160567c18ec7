import { alarmState, type AlarmRule } from '../support/alarms/alarm-state';

/** `0`: within the threshold. `X`: breaching. `-`: missing. */
const seriesOf = (text: string) => text.split(' ').map((point) => (point === '-' ? undefined : Number(point === 'X')));

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

const stateOf = (points: string, m: number, missingData: AlarmRule['missingData'], current: 'OK' | 'ALARM') =>
  alarmState(
    { evaluationPeriods: 3, datapointsToAlarm: m, missingData, breaches: (value) => value > 0 },
    seriesOf(points),
    current,
  );

const all = (state: string) => [state, state, state, state];

// The two tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test.each([
  [3, '0 - X - X', all('OK')],
  [3, '- - - - 0', ['OK', 'OK', 'OK', 'OK']],
  [3, '- - - - -', ['INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK']],
  [3, '0 X X - X', all('ALARM')],
  [3, '- - X - -', ['ALARM', 'retained', 'ALARM', 'OK']],
  [2, '0 - X - X', all('ALARM')],
  [2, '0 0 X 0 X', all('ALARM')],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', 'retained', 'ALARM', 'OK']],
])('%i of 3 with %s', (m, points, expected) => {
  for (const current of ['OK', 'ALARM'] as const) {
    expect(treatments.map((missingData) => stateOf(points, m, missingData, current))).toEqual(
      expected.map((state) => (state === 'retained' ? current : state)),
    );
  }
});
