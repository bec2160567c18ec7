import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** What a canary needs of the rest of a profile. */
export function canaryProblems({ acquirer, apiGateway, canary }: DeploymentProfile): Problem[] {
  if (!canary) return [];
  const problems: Problem[] = [];
  if (acquirer.kind !== 'simulator') {
    problems.push({
      field: 'canary',
      value: canary,
      message: `acquirer.kind is ${acquirer.kind}, and a synthetic payment would move money. Remove canary, or use the simulator.`,
    });
  }
  if (apiGateway?.clients.kind === 'mutual-tls') {
    problems.push({
      field: 'canary',
      value: canary,
      message:
        'With apiGateway.clients.kind mutual-tls, the API Gateway demands a client certificate, which the canary has not. Remove canary, or use api-key.',
    });
  }
  return problems;
}
