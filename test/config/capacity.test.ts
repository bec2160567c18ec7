import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityOf } from '../../lib/config/capacity';
import { profiles } from '../../lib/profiles';

const { flagship, metered } = profiles;

const cost = { apiMilliseconds: 0.7, databaseMilliseconds: 0.35 };

test('multiplies the capacity of a task at 70 % utilization', () => {
  const service = { ...flagship.service, cpuUnits: 512, minTasks: 2, maxTasks: 6 } as const;
  expect(capacityOf({ ...flagship, service }, cost).api).toEqual({ least: 1000, most: 3000 });
});

test('counts one vCPU per task', () => {
  const service = { ...flagship.service, cpuUnits: 4096, minTasks: 1, maxTasks: 2 } as const;
  expect(capacityOf({ ...flagship, service }, cost).api).toEqual({ least: 1000, most: 2000 });
});

test('counts the vCPUs of the instance or the capacity units', () => {
  expect(capacityOf(flagship, cost).database).toEqual({ least: 4000, most: 4000 });
  expect(capacityOf(metered, cost).database).toEqual({ least: 250, most: 1000 });
});

test('throws for an unknown instance size', () => {
  const database = { ...flagship.database, instanceType: 'r8g.48xlarge' } as typeof flagship.database;
  expect(() => capacityOf({ ...flagship, database })).toThrow(/database.instanceType is 'r8g.48xlarge'/);
});

const page = readFileSync(join(__dirname, '..', '..', 'app', 'bench', 'README.md'), 'utf8');
const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
const users = 10_000;

test.each(Object.entries(profiles))(
  'documents the capacity and the users of %s on the page of measurements',
  (name, profile) => {
    const { api, database } = capacityOf(profile);
    const most = Math.min(api.most, database.most);
    const number = (value: number) => value.toLocaleString('en-US');
    const row = rows.find(([, first, second = '']) => first === `\`${name}\`` && /^\d+–\d+$/.test(second));
    expect(row?.slice(2, -1)).toEqual([
      `${profile.service.minTasks}–${profile.service.maxTasks}`,
      `${number(api.least)}–${number(api.most)}`,
      database.least === database.most ? number(database.most) : `${number(database.least)}–${number(database.most)}`,
      `${(users / most).toFixed(1)} s`,
    ]);
  },
);

test.each(Object.entries(profiles))(
  'serves ten thousand users of %s with a request every ten seconds',
  (_name, profile) => {
    const { api, database } = capacityOf(profile);
    expect(Math.min(api.most, database.most)).toBeGreaterThanOrEqual(users / 10);
  },
);
