const keysPerGeneration = 10_000;

/**
 * The idempotency keys of the latest requests: at least the last 10,000, at most 20,000. Two sets take turns, because a set
 * cannot forget its oldest members cheaply.
 */
export class RecentKeys {
  #current = new Set<string>();
  #previous = new Set<string>();

  has(key: string): boolean {
    return this.#current.has(key) || this.#previous.has(key);
  }

  add(key: string): void {
    this.#current.add(key);
    if (this.#current.size < keysPerGeneration) return;
    this.#previous = this.#current;
    this.#current = new Set();
  }
}
