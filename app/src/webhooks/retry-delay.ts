const shortestSeconds = 12.5;
const longestSeconds = 6 * 3600;

/**
 * The pause before the next attempt, in seconds: about 10 seconds after the first failure, three times as long after each further one, at
 * most six hours. Up to a fifth is random, so that the deliveries that one outage delayed do not return together.
 *
 * @param failures the number of failed attempts, at least 1
 * @param random from 0 to 1
 */
export function retryDelaySeconds(failures: number, random = Math.random()): number {
  const longest = Math.min(longestSeconds, shortestSeconds * 3 ** (failures - 1));
  return longest * (1 - random / 5);
}
