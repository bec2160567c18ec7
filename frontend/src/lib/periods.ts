/** A period of days in the user's time zone, such as `2026-11-21`; both are included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Formats the local day of a time as in a date input: `2026-11-21`. */
function dayOf(time: Date): string {
  const [month, day] = [time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${time.getFullYear()}-${month}-${day}`;
}

/** The day that it is, in the user's time zone. */
export function today(): string {
  return dayOf(new Date());
}

/** The last `count` days, today included. */
export function lastDays(count: number, now = new Date()): Period {
  const first = new Date(now);
  first.setDate(first.getDate() - count + 1);
  return { from: dayOf(first), to: dayOf(now) };
}
