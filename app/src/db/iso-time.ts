/** An SQL expression that formats a `timestamptz` for the API: ISO 8601 in UTC with microseconds. */
export function isoTime(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
