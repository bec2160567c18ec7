/** Hours of a month, as AWS's calculator counts them. */
export const monthHours = 730;

/** Seconds of a month. */
export const monthSeconds = monthHours * 3600;

/** What one payment causes. Measured where `app/bench` measures it, else assumed; each cost line names what it uses. */
export const perPayment = {
  /** Requests to the API: create, read, and a read of a list. */
  requests: 3,
  /** Bytes of all responses. */
  responseBytes: 6_000,
  /** Bytes of log lines of the API, its load balancer and its web ACL. */
  logBytes: 6_000,
  /** Bytes in the database with its indexes. */
  databaseBytes: 10_000,
  /** Reads and writes of Aurora's storage. */
  databaseOperations: 20,
  /** Bytes to the acquirer and back. */
  acquirerBytes: 4_000,
  /** Bytes through interface endpoints: logs and secrets. */
  endpointBytes: 3_000,
} as const;

/** Payments per second that a task of half a processor takes at 70 % CPU; assumed. */
export const paymentsPerTask = 25;

/** What an idle platform still writes: health checks, flow logs, metrics. */
export const idleLogBytesPerSecond = 500;

/** A billion bytes, as AWS bills them approximately. */
export const gigabyte = 1e9;
