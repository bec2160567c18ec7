/** The login that migrations make for drills: it reads what a drill counts, in either database. */
export const drillLogin = 'payments_drill';

/** What the function is asked: to look into one restored copy. */
export interface DrillEvent {
  readonly host: string;
  readonly port: number;
  /** When the snapshot was taken that the copy was restored from; ISO 8601. */
  readonly snapshotTakenAt: string;
}

/**
 * What it answers. Too early: the snapshot is older than the login by which a copy of it could be checked, as it is on the first day.
 * A copy that is not what it should be is no answer, but an error.
 */
export type DrillAnswer = { readonly outcome: 'verified' } | { readonly outcome: 'too-early'; readonly reason: string };
