import { userLocale } from './locale.ts';

const style = { dateStyle: 'medium', timeStyle: 'medium' } as const;
const full = new Intl.DateTimeFormat(userLocale(), style);
const inUtc = new Intl.DateTimeFormat(userLocale(), { ...style, timeZone: 'UTC' });

/** Formats a time in the user's locale and time zone. */
export function formatTime(iso: string): string {
  return full.format(new Date(iso));
}

/** Formats a time in UTC: `21 Nov 2026, 10:00:00 UTC`. */
export function formatUtc(iso: string): string {
  return `${inUtc.format(new Date(iso))} UTC`;
}

/** The first moment of a local day such as `2026-11-21`. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

/** The first moment of the local day after it. */
export function startOfNextDay(day: string): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date.toISOString();
}
