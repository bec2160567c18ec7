import { Assembly } from '../../lib/evidence/assembly';
import { claims } from '../../lib/evidence/pci/claims';
import { type ClaimResult, examineClaims, examineRequirements } from '../../lib/evidence/pci/examine-requirements';
import { requirements } from '../../lib/evidence/pci/requirements';
import type { StackSource } from '../../lib/evidence/resolve-values';
import { mutated, mutations } from '../support/evidence/mutations';
import { testSources } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

const sources: Readonly<Record<string, StackSource[]>> = Object.fromEntries(
  builtProfiles.map((profile) => [profile, testSources(profile)]),
);
const examined = (profile: string, given = sources[profile] ?? []) => examineClaims(new Assembly(given), profile);
const before = Object.fromEntries(builtProfiles.map((profile) => [profile, examined(profile)]));
const find = (results: readonly ClaimResult[] | undefined, id: string) => results?.find((claim) => claim.id === id);
const statusOf = (profile: string, number: string) =>
  examineRequirements(before[profile] ?? []).find((requirement) => requirement.number === number);

test('names requirements that are listed', () => {
  const listed = requirements.map(({ number }) => number);
  expect(claims.flatMap((claim) => claim.requirements).filter((number) => !listed.includes(number))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});

test('has mutations for each claim', () => {
  const covered = mutations.map(({ claim }) => claim);
  expect(claims.map(({ id }) => id).filter((id) => !covered.includes(id))).toEqual([]);
});

test.each(mutations.map((mutation) => [mutation.claim, mutation.profile, mutation.change, mutation] as const))(
  '%s is not shown in %s with %s',
  (claim, profile, _, mutation) => {
    expect(find(before[profile], claim)?.status).toMatch(/^(shown|shared|contradicted by specification)$/);
    const after = find(examined(profile, mutated(sources[profile] ?? [], mutation)), claim);
    expect(after?.status).toBe('not shown');
    // Absent resources would also make a claim not shown; these refute it.
    expect(after?.observations.some(({ holds }) => !holds)).toBe(true);
  },
);

test('no claim holds in an empty assembly', () => {
  const results = examined('flagship', [
    { id: 'Main', name: 'main', region: 'eu-south-2', account: '1', template: {} },
  ]);
  expect(results.filter(({ status }) => status !== 'not shown')).toEqual([]);
  expect(new Set(examineRequirements(results).map(({ status }) => status))).toEqual(new Set(['not shown']));
});

test.each(['flagship', 'storefront', 'compact'])('the retention that %s asks for contradicts 10.5.1', (profile) => {
  expect(statusOf(profile, '10.5.1')?.status).toBe('contradicted by specification');
  // Without a profile, no specification explains it.
  const foreign = examineClaims(new Assembly(sources[profile] ?? []), undefined);
  expect(find(foreign, 'logs-kept-a-year')?.status).toBe('not shown');
});

test.each(['metered', 'partner'])('%s keeps its logs for twelve months', (profile) => {
  expect(statusOf(profile, '10.5.1')?.status).toBe('shown');
});

test('encryption in transit has gaps only without a domain', () => {
  const statuses = builtProfiles.map((profile) => [profile, statusOf(profile, '4.2.1')?.status]);
  expect(Object.fromEntries(statuses)).toEqual({
    flagship: 'not shown',
    storefront: 'shown',
    metered: 'not shown',
    partner: 'shown',
    compact: 'shown',
  });
});

test('a claim without resources supports no requirement', () => {
  expect(statusOf('flagship', '2.2.6')).toMatchObject({ withoutResources: ['instances-need-session-tokens'] });
  expect(statusOf('flagship', '6.4.3')?.status).toBe('shared');
  expect(statusOf('compact', '6.4.3')).toMatchObject({ status: 'not shown', claims: [] });
});

test.each(builtProfiles)('%s refutes only the claims that are known', (profile) => {
  const known: Readonly<Record<string, string[]>> = {
    flagship: ['viewers-use-tls', 'origins-use-tls', 'listeners-use-tls'],
    storefront: ['database-login-without-password'],
    metered: ['listeners-use-tls'],
    partner: [],
    compact: ['database-credential-rotated'],
  };
  const refuted = before[profile]?.filter(
    ({ status, observations }) => status === 'not shown' && observations.length > 0,
  );
  expect(refuted?.map(({ id }) => id)).toEqual(known[profile]);
});
