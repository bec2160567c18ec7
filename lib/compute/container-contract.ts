/** The container's name in its task definition. */
export const containerName = 'api';

/** Seconds that the process takes at most to end; ECS waits a little longer before it kills. */
export const shutdownGraceSeconds = 25;
