/** A request whose connection broke before the response. */
export interface BrokenRequest {
  readonly address: string;
  /** When it was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
}

/** The requests in flight and the aborted ones. */
export class Traffic {
  readonly #underWay = new Map<string, number>();
  readonly #broken: BrokenRequest[] = [];

  /** The number of responses with status 503. */
  refused = 0;

  get broken(): readonly BrokenRequest[] {
    return this.#broken;
  }

  /** The number of requests in flight to a target. */
  underWayTo(address: string): number {
    return this.#underWay.get(address) ?? 0;
  }

  /** Tracks a request. */
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
