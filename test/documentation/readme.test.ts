import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { contextInputs } from '../../lib/config/context-inputs';
import { profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The anchor that a Markdown viewer makes of a heading. */
const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-'),
);

test.each(Object.entries(profileContexts))(
  'every alarm of %s has its page in the runbook, and its description leads there',
  (_profile, context) => {
    const alarms = testPlatform(context).all.flatMap(({ resources }) => [
      ...resources.properties('AWS::CloudWatch::Alarm'),
      ...resources.properties('AWS::CloudWatch::CompositeAlarm'),
    ]);
    expect(alarms.length).toBeGreaterThan(10);
    for (const { AlarmName, AlarmDescription } of alarms) {
      const id = String(AlarmName).replace(/^alarm-|-alarm-test1$|-test1$/g, '');
      const [, page = ''] = /Runbook: README\.md#([\w-]+)$/.exec(String(AlarmDescription)) ?? [];
      expect(anchors).toContain(page);
      // Several alarms of one part may share its page, and then its name.
      expect([id, id.startsWith(page)]).toEqual([id, true]);
    }
  },
);

test('every npm script that README names exists', () => {
  const named = [...readme.matchAll(/npm run ([\w:]+)(?! --workspace)\b/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(0);
  for (const name of named.filter((each) => each !== 'dev')) expect(Object.keys(packageJson.scripts)).toContain(name);
});

test('every link leads somewhere', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith('https://')) continue;
    if (target.startsWith('#')) expect(anchors).toContain(target.slice(1));
    else expect([target, existsSync(join(root, target))]).toEqual([target, true]);
  }
});

test('every context key is explained', () => {
  for (const key of Object.keys(contextInputs.shape)) expect(readme).toContain(`\`${key}\``);
});
