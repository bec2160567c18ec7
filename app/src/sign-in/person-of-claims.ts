import { type Person, roles } from '../merchants/roles.ts';
import { SignInRefusal } from './sign-in-refusal.ts';
import type { ClaimNames } from './sign-in-environment.ts';

/** A person and the merchant for which the person acts. */
export interface Member {
  readonly person: Person;
  /** A UUID. Whether such a merchant exists is open. */
  readonly merchantId: string;
}

const longestName = 100;
/** OpenID Connect Core, section 2. */
const longestSubject = 255;

/**
 * Reads who has signed in from the claims of a verified ID token.
 *
 * The claim of the role is a string or an array, such as the groups of a person, of which exactly one is a role.
 *
 * @throws SignInRefusal `no-role` or `no-merchant` when a claim is missing, unknown or ambiguous; `failed` for an invalid subject
 */
export function memberOf(claims: Readonly<Record<string, unknown>>, names: ClaimNames): Member {
  const stated = [claims[names.role]].flat();
  const [role, ...others] = roles.filter((each) => stated.includes(each));
  if (role === undefined || others.length > 0)
    throw new SignInRefusal('no-role', `the claim ${names.role} must contain exactly one of ${roles.join(', ')}`);
  const merchantId = claims[names.merchant];
  if (typeof merchantId !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(merchantId))
    throw new SignInRefusal('no-merchant', `the claim ${names.merchant} must be the id of a merchant`);
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject.length > longestSubject)
    throw new SignInRefusal('failed', `the subject must have at most ${longestSubject} characters`);
  const name = [claims['name'], claims['preferred_username'], claims['email'], subject].map(readable).find(Boolean);
  return { person: { subject, name: name ?? subject.slice(0, longestName), role }, merchantId };
}

/** A name without control characters; empty if the claim is none. */
function readable(claim: unknown): string {
  if (typeof claim !== 'string') return '';
  // By code points, so that no character is cut in half.
  return Array.from(claim.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim())
    .slice(0, longestName)
    .join('');
}
