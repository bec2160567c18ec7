/** Environment variables that the construct sets for its function. */
export const variables = { logGroupName: 'LOG_GROUP_NAME', environmentName: 'ENVIRONMENT_NAME' } as const;

/** The metric that the function writes and the alarm reads, with the dimension `Environment`. */
export const leftOutMetric = { namespace: 'PaymentPlatform', name: 'AccessLogLinesLeftOut' } as const;
