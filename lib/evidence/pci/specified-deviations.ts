import type { Observation } from './claim';

/** A value that a profile's specification asks for although a requirement asks for another. */
export interface SpecifiedDeviation {
  readonly profile: string;
  readonly claim: string;
  /** The detail that the specification causes. Any other one is a fault of the template. */
  readonly detail: string;
  readonly reason: string;
}

const retention = (profile: string, days: number): SpecifiedDeviation => ({
  profile,
  claim: 'logs-kept-a-year',
  detail: `${days} days`,
  reason: `The specification of ${profile} asks for ${days} days. Raise observability.logRetentionDays to at least 365.`,
});

/** The deviations that specifications of profiles ask for. */
const deviations: readonly SpecifiedDeviation[] = [
  retention('flagship', 90),
  retention('storefront', 30),
  retention('compact', 7),
];

/** The deviation that explains an observation; `undefined` if no specification does. */
export function specifiedDeviation(
  profile: string | undefined,
  claim: string,
  { detail }: Observation,
): SpecifiedDeviation | undefined {
  return deviations.find((each) => each.profile === profile && each.claim === claim && each.detail === detail);
}
