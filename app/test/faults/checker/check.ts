import { caseRules } from './case-rules.ts';
import { casesOf, type Witnesses } from './evidence.ts';
import { type Finding, platformRules } from './platform-rules.ts';

export type { Finding } from './platform-rules.ts';

/** The rules by name, for whoever counts them. */
export const rules = [...Object.keys(caseRules), ...Object.keys(platformRules)];

/** Compares what clients, acquirer and database say, and returns all that does not fit. Knows nothing of the platform's own code. */
export function check(witnesses: Witnesses): Finding[] {
  const ofCases = casesOf(witnesses).flatMap((evidence) =>
    Object.entries(caseRules).flatMap(([rule, judge]) =>
      judge(evidence)
        .filter((text) => typeof text === 'string')
        .map((text) => ({ rule, paymentToken: evidence.paymentToken, text })),
    ),
  );
  const ofPlatform = Object.entries(platformRules).flatMap(([rule, judge]) =>
    judge(witnesses).map((finding) => ({ rule, ...finding })),
  );
  return [...ofCases, ...ofPlatform];
}
