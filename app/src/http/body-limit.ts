/** The largest body that the API reads, in bytes. */
export const bodyLimitBytes = 64 * 1024;
