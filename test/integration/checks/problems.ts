/**
 * The sentences whose condition does not hold; none when all is right.
 *
 * Every check returns all that is wrong at once, so that one run tells everything.
 */
export function problems(conditions: readonly (readonly [holds: boolean, otherwise: string])[]): string[] {
  return conditions.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}

/** Whether `arn` is that of one of `keyIds`, the customer managed keys of a stack. */
export function isKeyOf(keyIds: readonly string[], arn: string | undefined): boolean {
  return arn !== undefined && keyIds.some((id) => arn === id || arn.endsWith(`:key/${id}`));
}
