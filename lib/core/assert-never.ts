/**
 * Makes a switch exhaustive: the code does not compile while a member of the union is unhandled.
 *
 * @throws Error always, for a value that the types exclude
 */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value ${JSON.stringify(value)}. Add its case to the switch.`);
}
