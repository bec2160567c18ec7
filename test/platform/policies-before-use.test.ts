import { DependencyGraph } from '../support/dependency-graph';
import { deployedByEcs } from '../support/every-part';
import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { overrides } from '../support/profile-overrides';
import { policiesOf, rolesTriedBy } from '../support/role-policies';
import { testPlatform } from '../support/test-platform';

/** All optional parts in a profile without them. */
const allParts = overrides({
  paymentQueue: { maxReceiveCount: 5 },
  documents: { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 365 },
  restoreDrill: { schedule: 'cron(0 3 * * ? *)' },
  observability: {
    tracing: { samplingPercent: 10 },
    applicationLogArchive: { glacierAfterDays: 90, expireAfterDays: 365 },
    loadBalancerLogsInCloudWatch: true,
  },
});
const cases = [
  ...builtProfiles.map((profile) => [profile, profileContexts[profile] ?? {}] as const),
  ['flagship with every optional part', allParts] as const,
  ['flagship deployed by ECS', deployedByEcs] as const,
];

test.each(cases)('%s: attaches policies before a resource uses its role at creation', (_name, context) => {
  const early = testPlatform(context).all.flatMap(({ tier, resources }) => {
    const graph = new DependencyGraph(resources);
    return Object.entries(resources.all).flatMap(([id, resource]) =>
      rolesTriedBy(resources, resource)
        .flatMap((role) => policiesOf(resources, role))
        .filter((policy) => !graph.before(id).has(policy))
        .map((policy) => `${tier}: ${resource.Type} ${id} does not wait for ${policy}`),
    );
  });
  expect(early).toEqual([]);
});
