/** Leaves the console for a page that is no route of it. */
export function leaveTo(address: string): void {
  window.location.assign(address);
}
