import { errors } from './restore-drill-contract';

/** An error of a step. Its name tells the state machine whether to retry. */
export class RestoreDrillError extends Error {
  constructor(name: keyof typeof errors, message: string) {
    super(message);
    this.name = errors[name];
  }
}
