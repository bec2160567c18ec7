/** `ApiErrorRate` of `api-error-rate`: a name in kebab case as an id of the construct tree. */
export function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
