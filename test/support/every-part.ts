import { profileContexts } from './profile-contexts';
import { overrides } from './profile-overrides';

const parts = {
  apiKeyRotationDays: 30,
  paymentQueue: { maxReceiveCount: 5 },
  documents: { replicaRegion: 'us-west-2', archiveAfterDays: 90, expireAfterDays: 2557 },
  restoreDrill: { schedule: 'rate(1 day)' },
  canary: { everyMinutes: 5 },
  signIn: { kind: 'cognito' },
  observability: {
    applicationLogArchive: { glacierAfterDays: 90, expireAfterDays: 2557 },
    tracing: { samplingPercent: 10 },
    loadBalancerLogsInCloudWatch: true,
  },
};

/** Parts that a profile refuses, with the reason of its validation. */
const refused: Readonly<Record<string, readonly (keyof typeof parts)[]>> = {
  // Both functions authenticate by IAM.
  storefront: ['paymentQueue', 'apiKeyRotationDays'],
  // Without a domain, persons cannot be redirected; without a console, they have no place to sign in to.
  flagship: ['signIn'],
  metered: ['signIn'],
  // The canary has no client certificate.
  partner: ['canary', 'signIn'],
  // Drills restore clusters.
  compact: ['restoreDrill', 'signIn'],
};

/** Blue-green deployment by ECS, which no profile uses by default. */
export const deployedByEcs = overrides({
  deployment: { kind: 'ecs-blue-green', trafficShift: { kind: 'canary', firstPercent: 10, bakeMinutes: 5 } },
});

/** Every profile, a variant with all optional parts that it supports, and one with the other kind of deployment. */
export const contextsWithEveryPart: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    Object.entries(profileContexts).flatMap(([profile, context]) => {
      const wanted = Object.entries(parts).filter(([part]) => !refused[profile]?.some((each) => each === part));
      return [
        [profile, context],
        [`${profile} with every part`, { ...context, ...overrides(Object.fromEntries(wanted)) }],
      ];
    }),
  ),
  // The profile whose functions run in the private subnets.
  'metered deployed by ECS': { ...profileContexts['metered'], ...deployedByEcs },
};
