import type { Person, Role } from '../../merchants/roles.ts';

/** The persons of the local platform, one for each role. The login name is the role. */
export const persons: Readonly<Record<Role, Person>> = {
  viewer: { subject: 'local-viewer', name: 'Vera Lind', role: 'viewer' },
  support: { subject: 'local-support', name: 'Sam Okafor', role: 'support' },
  administrator: { subject: 'local-administrator', name: 'Ada Novak', role: 'administrator' },
};

/** The person with a subject. */
export function personOf(subject: string): Person | undefined {
  return Object.values(persons).find((person) => person.subject === subject);
}
