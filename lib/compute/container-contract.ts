/** The port on which the container answers HTTPS, with a certificate that it makes at start. */
export const containerPort = 3000;

/** The container's name in its task definition. */
export const containerName = 'api';

/** Seconds that the process takes at most to end; ECS waits a little longer before it kills. */
export const shutdownGraceSeconds = 25;
