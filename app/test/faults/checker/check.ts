import { caseRules } from './case-rules.ts';
import { casesOf, type Witnesses } from './evidence.ts';
import { type Finding, platformRules } from './platform-rules.ts';

export type { Finding } from './platform-rules.ts';

/** The rules by name. */
export const rules = [...Object.keys(caseRules), ...Object.keys(platformRules)];

/** Compares the records of clients, acquirer and database, and returns every inconsistency. It does not use code of the platform. */
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
