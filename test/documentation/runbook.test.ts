import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownDomain } from '../support/compute-tier';
import { profileContexts } from '../support/profile-contexts';
import { codeOf, documentAt, sectionsOf } from '../support/documents';
import { overrides } from '../support/profile-overrides';
import { testPlatform } from '../support/test-platform';

const runbook = documentAt('lib/observability/RUNBOOK.md');
const sections = sectionsOf(runbook);
const longestUrl = `https://wiki.example.com/${'r'.repeat(256 - 'https://wiki.example.com/'.length)}`;
const homeOfRunbook = 'lib/observability/RUNBOOK.md, heading ';

interface DescribedAlarm {
  readonly id: string;
  readonly description: string;
  /** The heading that the description names. */
  readonly heading: string;
}

type Platform = ReturnType<typeof testPlatform>;

function alarmsOf({ all }: Platform): DescribedAlarm[] {
  return all
    .flatMap(({ resources }) => [
      ...resources.properties('AWS::CloudWatch::Alarm'),
      ...resources.properties('AWS::CloudWatch::CompositeAlarm'),
    ])
    .map(({ AlarmName, AlarmDescription }) => {
      const description = String(AlarmDescription);
      return {
        id: String(AlarmName).replace(/^alarm-|-alarm-test1$|-test1$/g, ''),
        description,
        heading: / Runbook: .*(?:#|heading )([\w-]+)$/.exec(description)?.[1] ?? '',
      };
    });
}

/** `compute ApiLogGroupName`: the arguments of `output`. */
function outputsOf({ all }: Platform): string[] {
  return all.flatMap(({ tier, resources }) => {
    const { Outputs = {} } = resources.template.toJSON() as { Outputs?: Record<string, unknown> };
    return Object.keys(Outputs).map((key) => `${tier} ${key}`);
  });
}

/** Every name that the templates give to a resource, without the suffix; single words, such as `cluster`, are also ordinary English. */
function physicalNamesOf({ all }: Platform): string[] {
  const values = all.flatMap(({ resources }) => Object.values(resources.all).map(({ Properties }) => Properties));
  const strings = JSON.stringify(values).match(/"[\w/.-]{1,100}"/g) ?? [];
  const named = strings.flatMap((each) => /([\w-]+)-test1(?:\.fifo)?"$/.exec(each)?.[1] ?? []);
  return [...new Set(named)].filter((name) => name.includes('-'));
}

const profiles = Object.entries(profileContexts).map(([profile, context]) => {
  const platform = testPlatform(context);
  return {
    profile,
    context,
    alarms: alarmsOf(platform),
    outputs: outputsOf(platform),
    physical: physicalNamesOf(platform),
  };
});

describe.each(profiles)('the alarms of $profile', ({ context, alarms }) => {
  const linked = alarmsOf(testPlatform({ ...context, runbookUrl: longestUrl }));

  test('each have a runbook entry that their description links to', () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const [index, { id, description, heading }] of alarms.entries()) {
      expect(runbook.anchors).toContain(heading);
      // Several alarms of one part may share its entry, and then its name.
      expect([id, id.startsWith(heading)]).toEqual([id, true]);
      expect(description.endsWith(` Runbook: ${homeOfRunbook}${heading}`)).toBe(true);
      expect(linked[index]?.description.endsWith(` Runbook: ${longestUrl}#${heading}`)).toBe(true);
    }
  });

  test('name a first step and the dashboard in at most 1024 characters', () => {
    for (const { id, description } of linked) {
      // An alarm on which AWS acts automatically asks nobody to look.
      if (!/^nat-instances-|^api-refusing-scale-out$/.test(id))
        expect(description).toMatch(/\. Look [^.]+.* Severity: (page|ticket)\./);
      expect(description).toMatch(
        / Dashboard: https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/cloudwatch\/\S+#dashboards:name=\S+test1 /,
      );
      expect([id, description.length <= 1024]).toEqual([id, true]);
    }
  });
});

/** Sections for environments with a setting that no profile has by default. */
const sectionsOfSettings: Readonly<Record<string, object>> = {
  'store-stripes-key': { acquirer: { kind: 'stripe' } },
  'canary-payments': { canary: { everyMinutes: 5 } },
  'add-the-first-person': { signIn: { kind: 'cognito' } },
  'store-the-secret-of-an-identity-provider': {
    signIn: { kind: 'provider', issuer: 'https://login.example.com', clientId: 'console' },
  },
};

const outputsReadBy = (text: string) =>
  [...text.matchAll(/(?<![\w-])output ([a-z]+) ([A-Z]\w+)/g)].map(([, tier, key]) => `${tier} ${key}`);

/** The sections that are for an operator of the profile: of an alarm that it has, or of no alarm at all. */
function sectionsFor(alarms: readonly DescribedAlarm[]) {
  const ofAnyProfile = new Set(profiles.flatMap((each) => each.alarms.map(({ heading }) => heading)));
  const ofThisProfile = new Set(alarms.map(({ heading }) => heading));
  return sections
    .filter(({ anchor }) => !(anchor in sectionsOfSettings))
    .filter(({ anchor }) => !ofAnyProfile.has(anchor) || ofThisProfile.has(anchor));
}

test.each(profiles)('reads only outputs that exist in $profile', ({ alarms, outputs }) => {
  const read = sectionsFor(alarms).flatMap(({ anchor, text }) =>
    outputsReadBy(text).map((output) => ({ anchor, output })),
  );
  expect(read.length).toBeGreaterThan(5);
  expect(read.filter(({ output }) => !outputs.includes(output))).toEqual([]);
});

test.each(Object.entries(sectionsOfSettings))('reads only outputs that exist in %s', (anchor, setting) => {
  const read = outputsReadBy(sections.find((section) => section.anchor === anchor)?.text ?? '');
  expect(read.length).toBeGreaterThan(0);
  expect(outputsOf(testPlatform({ ...ownDomain, ...overrides(setting) }))).toEqual(expect.arrayContaining(read));
});

test('has no physical name in a command, because names differ between environments', () => {
  const names = new Set(profiles.flatMap(({ physical }) => physical));
  expect(names.size).toBeGreaterThan(100);
  const literal = sections.flatMap(({ anchor, text }) =>
    codeOf(text)
      // An alarm's own id is what the operator has in hand, and the same in every profile.
      .filter((code) => !runbook.anchors.includes(code))
      .flatMap((code) => code.split(/[^\w-]+/))
      .map((word) => word.replace(/-pr123$/, ''))
      .filter((word) => names.has(word))
      .map((word) => `${anchor}: ${word}`),
  );
  expect(literal).toEqual([]);
  const withSuffix = sections.flatMap(({ anchor, text }) =>
    codeOf(text).flatMap((code) => (/-pr123\b|\b\d{12}\b/.test(code) ? [`${anchor}: ${code}`] : [])),
  );
  expect(withSuffix).toEqual([]);
});

test('every log message that an operator searches for is one that the code writes', () => {
  const root = join(__dirname, '..', '..');
  const sources = ['app/src', 'lib']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
    )
    .filter((file) => file.endsWith('.lambda.ts') || (file.includes(join('app', 'src')) && file.endsWith('.ts')))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const descriptions = profiles.flatMap(({ alarms }) => alarms.map(({ description }) => description));
  const searched = [runbook.text, ...descriptions]
    .flatMap((text) => codeOf(text))
    .filter((code) => /^(?!npm |cdk |aws )[a-z]+(?: [a-z]+)+$/.test(code));
  expect(new Set(searched).size).toBeGreaterThan(3);
  expect([...new Set(searched)].filter((message) => !sources.includes(`'${message}`))).toEqual([]);
});

describe('the output function', () => {
  const definition = codeOf(runbook.text).find((code) => code.includes('\noutput() {')) ?? '';
  const run = (commands: string) =>
    spawnSync('bash', ['-euc', commands], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  /** An AWS CLI that knows one stack with one output, and repeats which query it was given. */
  const cliThatKnows = (stack: string) => `
    aws() {
      [ "$1 $2 $3 $4 $5" = "cloudformation describe-stacks --stack-name ${stack} --query" ] || return 254
      echo "$6 of $4 in $AWS_REGION"
    }`;

  test.each(['compute-stack-pr123', 'stack-compute-pr123'])('finds %s', (stack) => {
    const { stdout, status } = run(`${definition}\n${cliThatKnows(stack)}\noutput compute ApiLogGroupName`);
    expect(stdout).toBe(`Stacks[0].Outputs[?OutputKey=='ApiLogGroupName'].OutputValue of ${stack} in eu-south-2\n`);
    expect(status).toBe(0);
  });

  test('reports what to check if the stack does not exist', () => {
    const { stderr, status } = run(`${definition}\n${cliThatKnows('other')}\noutput compute ApiLogGroupName`);
    expect(stderr).toMatch(/no stack 'compute' of pr123 in eu-south-2.*AWS_REGION/i);
    expect(status).toBe(1);
  });
});
