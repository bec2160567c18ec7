import { deployedByEcs } from '../support/every-part';
import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { isNameless, shownNameOf } from '../support/resource-naming';
import { testPlatform } from '../support/test-platform';

/** Types that exist once per account or region, which a second environment cannot declare. */
const singletons = [
  'AWS::ApiGateway::Account',
  'AWS::GuardDuty::Detector',
  'AWS::SecurityHub::Hub',
  'AWS::Config::ConfigurationRecorder',
  'AWS::Logs::AccountPolicy',
  'AWS::XRay::TransactionSearchConfig',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::ReplicationConfiguration',
  'AWS::SES::ReceiptRuleSet',
  'AWS::IAM::ServiceLinkedRole',
];

/** Type and name of every resource that has a name or a tag. */
function namesOf(context: Readonly<Record<string, string>>, environmentSuffix: string): string[] {
  return testPlatform({ ...context, environmentSuffix }).all.flatMap(({ tier, resources }) =>
    Object.entries(resources.all)
      .filter(([, { Type }]) => !isNameless(Type))
      .map(([id, resource]) => `${tier} ${resource.Type} ${shownNameOf(resource)} ${id}`),
  );
}

test.each([...Object.entries(profileContexts), ['flagship deployed by ECS', deployedByEcs] as const])(
  'two environments of %s have no name in common in one account and region',
  (_name, context) => {
    const first = namesOf(context, 'one1');
    const second = new Set(namesOf(context, 'two2'));
    expect(first.length).toBeGreaterThan(50);
    expect(first.filter((name) => second.has(name))).toEqual([]);
  },
);

test.each(builtProfiles)('%s declares no resource that exists once per account', (profile) => {
  const types = testPlatform(profileContexts[profile]).all.flatMap(({ resources }) =>
    Object.values(resources.all).map(({ Type }) => Type),
  );
  expect(types.filter((type) => singletons.includes(type))).toEqual([]);
});
