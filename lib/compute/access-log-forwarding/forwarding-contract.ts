/** What the construct tells its function, by the names of environment variables. */
export const variables = { logGroupName: 'LOG_GROUP_NAME', environmentName: 'ENVIRONMENT_NAME' } as const;

/** The figure that the function reports and the alarm reads, by the dimension `Environment`. */
export const leftOutMetric = { namespace: 'PaymentPlatform', name: 'AccessLogLinesLeftOut' } as const;
