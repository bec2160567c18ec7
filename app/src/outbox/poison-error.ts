/** An event that can never be consumed. Its message is stored with the dead letter or the parked event. */
export class PoisonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PoisonError';
  }
}
