import type { DeploymentProfile } from '../config/deployment-profile';

/** Maximum lengths of names. Types that are not listed allow at least 63 characters. */
const maxLength: Readonly<Record<string, number>> = {
  'load-balancer': 32,
  'target-group': 32,
  'sampling-rule': 32,
};

/**
 * Builds physical names by the pattern of the profile. Each ends in the environment suffix.
 *
 * `type-suffix` puts the purpose first: `api-security-group-pr123`. `type-purpose-suffix` puts the type first: `security-group-api-pr123`.
 */
export class ResourceNames {
  readonly suffix: string;
  readonly #pattern: DeploymentProfile['naming'];

  constructor(pattern: DeploymentProfile['naming'], suffix: string) {
    this.#pattern = pattern;
    this.suffix = suffix;
  }

  /**
   * Returns the name of a resource.
   *
   * @param type the type in kebab case: `security-group`
   * @param purpose distinguishes several resources of one type: `api`
   * @throws Error when the name is longer than AWS allows
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
