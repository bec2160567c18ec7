/** The tokens of the simulated acquirer and their effects. */
export const simulatedCards: readonly (readonly [token: string, label: string])[] = [
  ['tok_approve', 'Approved'],
  ['tok_decline_insufficient_funds', 'Declined: insufficient funds'],
  ['tok_decline_stolen_card', 'Declined: stolen card'],
  ['tok_decline_expired_card', 'Declined: expired card'],
  ['tok_challenge', 'The customer must authenticate'],
  ['tok_timeout', 'The acquirer does not answer at first'],
  ['tok_slow', 'Approved, slowly'],
  ['tok_duplicate', 'Approved, answered twice'],
];

/** Returns the display text of a decline code. */
export function describeDecline(code: string): string {
  return code.replaceAll('_', ' ');
}
