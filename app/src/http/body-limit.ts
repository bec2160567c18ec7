/** The maximum size of a request body, in bytes. */
export const bodyLimitBytes = 64 * 1024;
