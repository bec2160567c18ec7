/** The name of the API container in its task definition. */
export const containerName = 'api';

/** Maximum duration of a shutdown, in seconds. ECS waits longer before it kills the container. */
export const shutdownGraceSeconds = 25;
