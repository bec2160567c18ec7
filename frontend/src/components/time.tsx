import { formatTime, formatUtc } from '../lib/dates.ts';

/** A time in the user's locale and time zone. The pointer over it shows UTC. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={formatUtc(at)}>
      {formatTime(at)}
    </time>
  );
}
