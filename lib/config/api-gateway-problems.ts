import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** Conflicts between `apiGateway` and the other parts of a profile. */
export function apiGatewayProblems(profile: DeploymentProfile): Problem[] {
  const { apiGateway, ingress, site } = profile;
  const isIngress = ingress.kind === 'api-gateway';
  if (!apiGateway) {
    return isIngress
      ? [
          {
            field: 'apiGateway',
            value: undefined,
            message: 'ingress.kind is api-gateway. Add apiGateway with clients, requestsPerSecond and burst.',
          },
        ]
      : [];
  }
  const problems: Problem[] = [];
  if (!isIngress) {
    problems.push({
      field: 'ingress.kind',
      value: ingress.kind,
      message: 'A profile with apiGateway accepts no other ingress. Use api-gateway, or remove apiGateway.',
    });
  }
  if (site) {
    problems.push({
      field: 'site',
      value: site,
      message: 'The console needs CloudFront, which cannot be combined with API Gateway. Remove site.',
    });
  }
  return [...problems, ...mutualTlsProblems(profile)];
}

/** API Gateway supports mutual TLS only for a custom domain name, not for the `execute-api` endpoint. */
function mutualTlsProblems({ apiGateway, domain }: DeploymentProfile): Problem[] {
  if (apiGateway?.clients.kind !== 'mutual-tls' || (domain.required && domain.zone === 'existing')) return [];
  return [
    {
      field: 'domain',
      value: domain,
      message:
        'Mutual TLS needs a custom domain name in an existing hosted zone. Use { "zone": "existing", "required": true }.',
    },
  ];
}
