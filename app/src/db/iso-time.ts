/** SQL for a `timestamptz` as the API shows it: ISO 8601 in UTC with the microseconds that PostgreSQL keeps. */
export function isoTime(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
