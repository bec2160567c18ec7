import { type App, Validations } from 'aws-cdk-lib';
import { acceptedFindings } from '../../lib/compliance/accepted-findings';
import { compliancePacks } from '../../lib/compliance/compliance-checks';
import { createPlatform } from '../../lib/platform';
import { deployedByEcs } from '../support/every-part';
import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { overrides } from '../support/profile-overrides';
import { testApp, testSettings } from '../support/test-app';
import { siteDirectory } from '../support/test-platform';

interface Finding {
  readonly rule: string;
  readonly path: string;
}

function platform(context: Record<string, unknown> = {}): App {
  const app = testApp();
  createPlatform(app, testSettings(context), { siteDirectory });
  return app;
}

/** The findings of both rule packs in `app`, after its aspects. */
function findings(app: App): Finding[] {
  app.synth();
  return compliancePacks(app).flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
      ),
  );
}

const documents = { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 2557 };
const withDomain = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };

test.each([
  ...Object.entries(profileContexts),
  ['flagship with a domain', withDomain],
  ['flagship in another region', { region: 'ap-southeast-1' }],
  ['flagship with a restore drill', overrides({ restoreDrill: { schedule: 'rate(1 day)' } })],
  ['flagship with documents', overrides({ documents })],
  [
    'flagship that is traced, with a queue',
    overrides({ observability: { tracing: { samplingPercent: 10 } }, paymentQueue: { maxReceiveCount: 3 } }),
  ],
  ['flagship with Stripe', overrides({ acquirer: { kind: 'stripe' } })],
  ['storefront with Cognito', { ...profileContexts['storefront'], ...overrides({ signIn: { kind: 'cognito' } }) }],
  ['flagship deployed by ECS', deployedByEcs],
  ['compact that may be destroyed', { ...profileContexts['compact'], allowDestroy: 'true' }],
])('has no finding of either rule pack in %s', (_name, context) => {
  expect(findings(platform(context))).toEqual([]);
});

test.each(builtProfiles)('what was accepted in %s is what was reviewed', (profile) => {
  expect(
    acceptedFindings(platform(profileContexts[profile])).map(({ path, rule }) => `${path}: ${rule}`),
  ).toMatchSnapshot();
});

test('has a reason and a compensating control for each accepted finding', () => {
  for (const { reason, compensatingControl } of acceptedFindings(platform())) {
    expect(reason).toMatch(/^\S.{20,}\.$/);
    expect(compensatingControl).toMatch(/^\S.{15,}\.$/);
  }
});

describe.each(builtProfiles)('%s without any acceptance', (profile) => {
  const acknowledge = jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation(() => undefined);
  const app = platform(profileContexts[profile]);
  const found = findings(app);
  acknowledge.mockRestore();

  test('finds every accepted finding at its construct', () => {
    const stale = acceptedFindings(app).filter(
      ({ path, rule }) => !found.some((each) => each.rule === rule && `${each.path}/`.startsWith(`${path}/`)),
    );
    expect(stale.map(({ path, rule }) => `${path}: ${rule}`)).toEqual([]);
  });

  test('reports accepted findings if they are not accepted', () => {
    expect(found.length).toBeGreaterThanOrEqual(acceptedFindings(app).length / 2);
  });
});
