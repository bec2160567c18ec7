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

/** Names and descriptions of all alarms. */
const alarmsOf = (context: Readonly<Record<string, string>>) =>
  testPlatform(context)
    .all.flatMap(({ resources }) => [
      ...resources.properties('AWS::CloudWatch::Alarm'),
      ...resources.properties('AWS::CloudWatch::CompositeAlarm'),
    ])
    .map(({ AlarmName, AlarmDescription }) => ({
      id: String(AlarmName).replace(/^alarm-|-alarm-test1$|-test1$/g, ''),
      description: String(AlarmDescription),
    }));

const longestUrl = `https://wiki.example.com/${'r'.repeat(256 - 'https://wiki.example.com/'.length)}`;

describe.each(Object.entries(profileContexts))('the alarms of %s', (_profile, context) => {
  const alarms = alarmsOf(context);
  const linked = alarmsOf({ ...context, runbookUrl: longestUrl });

  test('have a page in the runbook each, and their descriptions lead there', () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const [index, { id, description }] of alarms.entries()) {
      const [, page = ''] = / Runbook: README\.md, heading ([\w-]+)$/.exec(description) ?? [];
      expect(anchors).toContain(page);
      // Several alarms of one part may share its page, and then its name.
      expect([id, id.startsWith(page)]).toEqual([id, true]);
      expect(linked[index]?.description.endsWith(` Runbook: ${longestUrl}#${page}`)).toBe(true);
    }
  });

  test('say what to look at first and where the dashboard is, in at most 1024 characters', () => {
    for (const { id, description } of linked) {
      // What CloudWatch answers by itself asks nobody to look.
      if (!/^nat-instances-/.test(id)) expect(description).toMatch(/\. Look [^.]+.* Severity: (page|ticket)\./);
      expect(description).toMatch(
        / Dashboard: https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/cloudwatch\/\S+#dashboards:name=\S+test1 /,
      );
      expect([id, description.length <= 1024]).toEqual([id, true]);
    }
  });
});

test('every npm script that README names exists', () => {
  const named = [...readme.matchAll(/npm run ([\w:-]+)(?! --workspace)\b/g)].map(([, name = '']) => name);
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
