import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** The rules between an API Gateway and the rest of a profile. */
export function apiGatewayProblems(profile: DeploymentProfile): Problem[] {
  const { apiGateway, ingress, site } = profile;
  const isIngress = ingress.kind === 'api-gateway';
  if (!apiGateway) {
    return isIngress
      ? [
          {
            field: 'apiGateway',
            value: undefined,
            remedy: 'ingress.kind is api-gateway; say how it limits its clients',
          },
        ]
      : [];
  }
  const problems: Problem[] = [];
  if (!isIngress) {
    problems.push({
      field: 'ingress.kind',
      value: ingress.kind,
      remedy: 'an API Gateway is the only way in where there is one; use api-gateway, or leave apiGateway out',
    });
  }
  if (site) {
    problems.push({
      field: 'site',
      value: site,
      remedy: 'the console comes with CloudFront, in whose region an API Gateway does not stand; leave it out',
    });
  }
  return [...problems, ...mutualTlsProblems(profile)];
}

/** A client shows its certificate to a name of its own; the name that AWS gives an API asks for none. */
function mutualTlsProblems({ apiGateway, domain }: DeploymentProfile): Problem[] {
  if (apiGateway?.clients.kind !== 'mutual-tls' || (domain.required && domain.zone === 'existing')) return [];
  return [
    {
      field: 'domain',
      value: domain,
      remedy: 'mutual TLS needs a domain in an existing zone; use { "zone": "existing", "required": true }',
    },
  ];
}
