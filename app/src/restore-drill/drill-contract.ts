/** The database login of the drill. It has SELECT on the tables that the drill reads. */
export const drillLogin = 'payments_drill';

/** The input of the drill function: one restored copy. */
export interface DrillEvent {
  readonly host: string;
  readonly port: number;
  /** The creation time of the snapshot, ISO 8601. */
  readonly snapshotTakenAt: string;
}

/**
 * The result of the drill function. `too-early`: the snapshot predates the drill login, as on the first day. A copy with findings fails the
 * function with `RestoredDatabaseError` instead.
 */
export type DrillResult = { readonly outcome: 'verified' } | { readonly outcome: 'too-early'; readonly reason: string };
