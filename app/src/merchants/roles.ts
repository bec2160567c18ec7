/** The permissions of an API key or a session. */
export const scopes = [
  'payments:read',
  'payments:write',
  'refunds:write',
  'reports:read',
  'keys:write',
  'webhooks:write',
] as const;
export type Scope = (typeof scopes)[number];

/** The role of a person for a merchant: reads; also captures, voids and refunds; also administers keys and webhooks. */
export const roles = ['viewer', 'support', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** A person whom the identity provider has signed in. */
export interface Person {
  /** Identifies the person at the identity provider and never changes. */
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
}

const reading = ['payments:read', 'reports:read'] as const;
const granted: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: reading,
  support: [...reading, 'payments:write', 'refunds:write'],
  administrator: scopes,
};

/** The scopes of a role. A change applies to sessions that are open. */
export function scopesOf(role: Role): readonly Scope[] {
  return granted[role];
}
