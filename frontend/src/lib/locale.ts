/** The user's locale, such as `de-DE`: the first language of the browser. It decides how times and amounts are written. */
export function userLocale(): string {
  return navigator.language;
}
