/**
 * The fields of a secret that holds a JSON object.
 *
 * @throws by the secret's name when it holds something else. Never with what it holds, which a parser's own message would show
 */
function secretFields(arn: string, text: string): Readonly<Record<string, unknown>> {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    fields = undefined;
  }
  if (typeof fields !== 'object' || fields === null) throw new Error(`Secret ${arn} is not a JSON object.`);
  return fields as Record<string, unknown>;
}

/** One field of such a secret. @throws by its name when there is no text in it */
export function secretField(arn: string, text: string, field: string): string {
  const value = secretFields(arn, text)[field];
  if (typeof value !== 'string' || value === '') throw new Error(`Secret ${arn} has no field '${field}'.`);
  return value;
}
