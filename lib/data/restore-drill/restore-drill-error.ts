import { errors } from './restore-drill-contract';

/** What a step throws; its name tells the state machine whether to try again. */
export class RestoreDrillError extends Error {
  constructor(name: keyof typeof errors, message: string) {
    super(message);
    this.name = errors[name];
  }
}
