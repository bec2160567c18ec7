import type { Assembly, AssemblyResource } from '../assembly';

/** One resource with the properties that decide about a claim. */
export interface Observation {
  /** Key of the resource. */
  readonly resource: string;
  readonly holds: boolean;
  /** The properties and their values, or what is missing. */
  readonly detail: string;
}

/** A statement about the platform that a query over templates shows or refutes. */
export interface Claim {
  readonly id: string;
  /** Requirements of PCI DSS 4.0.1 that the claim supports. */
  readonly requirements: readonly string[];
  /** In our own words. */
  readonly statement: string;
  /** What must exist before the claim can hold, for people: `databases`. */
  readonly subject: string;
  /** What remains to the operator; the claim is then shared. */
  readonly operator?: string;
  /** One observation for each subject. Without any, the claim is not shown. */
  readonly examine: (assembly: Assembly) => readonly Observation[];
}

/** Observes each resource of some types. `undefined` leaves out a resource that is no subject. */
export function forEach(
  types: readonly string[],
  judge: (resource: AssemblyResource, assembly: Assembly) => Omit<Observation, 'resource'> | undefined,
): Claim['examine'] {
  return (assembly) =>
    assembly.ofType(...types).flatMap((resource) => {
      const judgement = judge(resource, assembly);
      return judgement ? [{ resource: resource.key, ...judgement }] : [];
    });
}
