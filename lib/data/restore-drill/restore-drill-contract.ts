/** Environment variables of the functions that call RDS. */
export interface RestoreDrillTarget {
  readonly ENVIRONMENT_NAME: string;
  /** The source cluster of the snapshots. */
  readonly SOURCE_CLUSTER: string;
  /** The temporary cluster and its instance, the only ones that the drill creates and deletes. */
  readonly RESTORED_CLUSTER: string;
  readonly RESTORED_INSTANCE: string;
  readonly SECURITY_GROUP_ID: string;
  /** The KMS key of source and copy. */
  readonly KEY_ARN: string;
}

/** Environment variables of the lifecycle functions. */
export type LifecycleTarget = Pick<RestoreDrillTarget, 'RESTORED_CLUSTER' | 'RESTORED_INSTANCE'> & {
  readonly STATE_MACHINE_ARN: string;
};

/** Execution data that the state machine passes to its steps. */
export interface RestoreDrillRun {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** ISO 8601 time. */
  readonly startedAt: string;
}

/** The result of starting a restore. `too-early`: the cluster is less than a day old, so its snapshots may precede the first migration. */
export type RestoreAnswer =
  | { readonly outcome: 'restoring'; readonly snapshotId: string; readonly snapshotTakenAt: string }
  | { readonly outcome: 'too-early'; readonly reason: string };

/** The results and errors of all steps at the end of a run. */
export interface RestoreDrillOutcome {
  readonly restore?: RestoreAnswer;
  readonly verification?: { readonly outcome: string };
  readonly failure?: object;
  readonly cleanUpFailure?: object;
}

/** The input of the function of the steps. */
export type StepEvent = RestoreDrillRun &
  (
    | { readonly step: 'sweep' | 'restore' | 'await-database' | 'clean-up' }
    | { readonly step: 'report'; readonly outcome: RestoreDrillOutcome }
  );

/** Error names that tell the state machine to retry or to give up. */
export const errors = {
  /** Retry: the database is not available or not deleted yet. */
  wait: 'StillWaiting',
  /** Give up: a retry would not help. Deployed state machines use this name. */
  giveUp: 'DrillError',
  /** Another run is in progress, whose copy must not be changed. */
  anotherRun: 'AnotherRun',
} as const;

/** Metrics of the drill, with the dimension `Environment`. */
export const restoreDrillMetrics = {
  namespace: 'PaymentPlatform',
  /** 1 if the check passed, otherwise 0. */
  passed: 'RestoreDrillPassed',
  /** Duration from the start until the copy is deleted. */
  seconds: 'RestoreDrillSeconds',
  /** 1 if this or an earlier run left a copy behind. */
  leftOver: 'RestoreDrillLeftOver',
} as const;
