/** A request that was broken off before its answer came. */
export interface BrokenRequest {
  readonly address: string;
  /** When it was sent, in milliseconds of the epoch. */
  readonly sentAt: number;
}

/** Which requests are under way, and which never came to an end. */
export class Traffic {
  readonly #underWay = new Map<string, number>();
  readonly #broken: BrokenRequest[] = [];

  get broken(): readonly BrokenRequest[] {
    return this.#broken;
  }

  /** How many requests wait for an answer from there. */
  underWayTo(address: string): number {
    return this.#underWay.get(address) ?? 0;
  }

  /** Watches one request. */
  async watch<T>(address: string, send: () => Promise<T>): Promise<T> {
    const sentAt = Date.now();
    this.#underWay.set(address, this.underWayTo(address) + 1);
    try {
      return await send();
    } catch (error) {
      this.#broken.push({ address, sentAt });
      throw error;
    } finally {
      this.#underWay.set(address, this.underWayTo(address) - 1);
    }
  }
}
