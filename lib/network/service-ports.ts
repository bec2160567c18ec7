/** The HTTPS port of the container. It generates its certificate at start. */
export const containerPort = 3000;

/** The port of the payments database. */
export const databasePort = 5432;
