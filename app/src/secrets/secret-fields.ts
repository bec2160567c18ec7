/**
 * Parses the JSON object of a secret.
 *
 * @throws with the ARN when it is not a JSON object. The message of JSON.parse is dropped, because it quotes the content
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

/** Returns a field of a secret. @throws with the ARN and the field name when it is not a non-empty string */
export function secretField(arn: string, text: string, field: string): string {
  const value = secretFields(arn, text)[field];
  if (typeof value !== 'string' || value === '') throw new Error(`Secret ${arn} has no field '${field}'.`);
  return value;
}
