/** Converts a kebab-case name to a construct id: `api-error-rate` to `ApiErrorRate`. */
export function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
