/** What the construct tells the functions that call RDS, as environment variables. */
export interface RestoreDrillTarget {
  readonly ENVIRONMENT_NAME: string;
  /** The cluster whose snapshots are restored. */
  readonly SOURCE_CLUSTER: string;
  /** The throw-away cluster and its one instance; no other is ever made or deleted. */
  readonly RESTORED_CLUSTER: string;
  readonly RESTORED_INSTANCE: string;
  readonly SECURITY_GROUP_ID: string;
  /** Encrypts the copy, as it does the original. */
  readonly KEY_ARN: string;
}

/** What the functions that begin and end it with its stack are told. */
export type LifecycleTarget = Pick<RestoreDrillTarget, 'RESTORED_CLUSTER' | 'RESTORED_INSTANCE'> & {
  readonly STATE_MACHINE_ARN: string;
};

/** What the state machine tells its steps of itself. */
export interface RestoreDrillRun {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Whether there is something to restore. Too early: the cluster is of today, and its snapshots are of before the first migration. */
export type RestoreAnswer =
  | { readonly outcome: 'restoring'; readonly snapshotId: string; readonly snapshotTakenAt: string }
  | { readonly outcome: 'too-early'; readonly reason: string };

/** What the state machine knows at its end: what its steps answered, and what failed. */
export interface RestoreDrillOutcome {
  readonly restore?: RestoreAnswer;
  readonly verification?: { readonly outcome: string };
  readonly failure?: object;
  readonly cleanUpFailure?: object;
}

/** A call of the function that does the steps. */
export type StepEvent = RestoreDrillRun &
  (
    | { readonly step: 'sweep' | 'restore' | 'await-database' | 'clean-up' }
    | { readonly step: 'report'; readonly outcome: RestoreDrillOutcome }
  );

/** The names by which steps tell the state machine what to do: try again, or give up. */
export const errors = {
  /** The database is not ready yet, or not yet gone. */
  wait: 'StillWaiting',
  /** Trying again would not help. Deployed state machines know this name. */
  giveUp: 'DrillError',
  /** Another run is going on; its copy must not be touched. */
  anotherRun: 'AnotherRun',
} as const;

/** What the drill reports, by the dimension `Environment`. */
export const restoreDrillMetrics = {
  namespace: 'PaymentPlatform',
  /** 1 when the copy was what it should be, 0 when not. */
  passed: 'RestoreDrillPassed',
  /** From the beginning until the copy is gone again. */
  seconds: 'RestoreDrillSeconds',
  /** 1 when a copy was left over, by an earlier run or by this one. */
  leftOver: 'RestoreDrillLeftOver',
} as const;
