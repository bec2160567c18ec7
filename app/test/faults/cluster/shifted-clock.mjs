import { readFileSync } from 'node:fs';

/*
 * Loaded before the API: on SIGUSR2, the wall clock of this process jumps by as many milliseconds as the file CLOCK_SHIFT_FILE says. The
 * clocks that measure durations go on as they do on a machine whose time is set.
 */

const TrueDate = Date;
let shift = 0;
const now = () => TrueDate.now() + shift;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

process.on('SIGUSR2', () => {
  shift = Number(readFileSync(process.env.CLOCK_SHIFT_FILE ?? '', 'utf8'));
});
