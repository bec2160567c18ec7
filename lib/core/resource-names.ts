import type { DeploymentProfile } from '../config/deployment-profile';

/** Lengths at which AWS refuses a name; types that are not listed allow at least 63 characters. */
const maxLength: Readonly<Record<string, number>> = {
  'load-balancer': 32,
  'target-group': 32,
  'sampling-rule': 32,
};

/**
 * Names by the profile's pattern, each ending in the environment suffix.
 *
 * `type-suffix` reads the purpose as part of the type: `api-security-group-pr123`. `type-purpose-suffix` puts the type first:
 * `security-group-api-pr123`.
 */
export class ResourceNames {
  readonly suffix: string;
  readonly #pattern: DeploymentProfile['naming'];

  constructor(pattern: DeploymentProfile['naming'], suffix: string) {
    this.#pattern = pattern;
    this.suffix = suffix;
  }

  /**
   * The name of a resource.
   *
   * @param type what it is, in kebab case: `security-group`
   * @param purpose what it is for, where there are several of its type: `api`
   * @throws when AWS would refuse the name for its length
   */
  of(type: string, purpose?: string): string {
    const parts = this.#pattern === 'type-suffix' ? [purpose, type] : [type, purpose ?? 'payments'];
    const name = [...parts, this.suffix].filter((part) => part !== undefined).join('-');
    const limit = maxLength[type] ?? 63;
    if (name.length > limit) {
      throw new Error(
        `The name '${name}' of a ${type} has ${name.length} characters, and AWS allows ${limit}. Shorten environmentSuffix.`,
      );
    }
    return name;
  }
}
