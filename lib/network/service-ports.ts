/** The port on which the container answers HTTPS, with a certificate that it makes at start. */
export const containerPort = 3000;

/** The port of the payments database, whichever variant serves it. */
export const databasePort = 5432;
