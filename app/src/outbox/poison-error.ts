/** An event that cannot be consumed, however often it is delivered. Its message says why, to whoever looks at the dead letters. */
export class PoisonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PoisonError';
  }
}
