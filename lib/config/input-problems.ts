import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';
import { documentProblems } from './document-problems';
import { regionProblems } from './region-problems';
import { truststoreProblems } from './truststore-problems';
import { zoneProblems } from './zone-problems';

/** The rules between the profile and the values of this environment. */
export function inputProblems(profile: DeploymentProfile, inputs: ContextInputs): Problem[] {
  return [
    ...domainProblems(profile, inputs),
    ...certificateNameProblems(profile, inputs),
    ...regionProblems(profile, inputs),
    ...imageProblems(profile, inputs),
    ...secretProblems(profile, inputs),
    ...clientProblems(profile, inputs),
    ...zoneProblems(profile, inputs),
    ...documentProblems(profile, inputs),
  ];
}

function domainProblems({ domain, name, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const problems: Problem[] = [];
  const { domainName, hostedZoneId, certificateArn } = inputs;
  if (domain.required && domainName === undefined) {
    problems.push({
      field: 'domainName',
      value: undefined,
      remedy: `profile ${name} needs a domain; pass -c domainName=pay.example.com`,
    });
  }
  if (domain.zone === 'existing' && domainName !== undefined && hostedZoneId === undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: undefined,
      remedy: `pass -c hostedZoneId=Z… of the existing public zone that is authoritative for ${domainName}`,
    });
  }
  if (domainName === undefined && hostedZoneId !== undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: hostedZoneId,
      remedy: 'a zone without a name is not used; pass -c domainName=… too',
    });
  }
  if (domain.zone === 'created' && hostedZoneId !== undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: hostedZoneId,
      remedy: `profile ${name} creates its own zone; leave it out`,
    });
  }
  if (certificateArn !== undefined && domainName === undefined) {
    problems.push({
      field: 'certificateArn',
      value: certificateArn,
      remedy: 'a certificate is of use under its name only; pass -c domainName=… too',
    });
  }
  const home = inputs.region ?? region;
  if (certificateArn !== undefined && certificateArn.split(':')[3] !== home) {
    problems.push({
      field: 'certificateArn',
      value: certificateArn,
      remedy: `a load balancer uses certificates of its own region only; use one of ${home}`,
    });
  }
  return problems;
}

/** @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const maxCommonNameLength = 64;

/** The domain is the common name of each certificate that the platform requests. */
function certificateNameProblems({ apiGateway, site }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const { certificateArn, domainName = '' } = inputs;
  const requestsNone = certificateArn !== undefined && !site && apiGateway?.clients.kind !== 'mutual-tls';
  if (requestsNone || domainName.length <= maxCommonNameLength) return [];
  return [
    {
      field: 'domainName',
      value: domainName,
      remedy: `ACM issues certificates for names of at most ${maxCommonNameLength} characters, and this one has ${domainName.length}; use a shorter name`,
    },
  ];
}

function imageProblems({ service, name }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const given = { imageRepositoryName: inputs.imageRepositoryName, imageTag: inputs.imageTag };
  const wanted = service.image === 'existing-repository' || Object.values(given).some((value) => value !== undefined);
  if (!wanted) return [];
  return Object.entries(given)
    .filter(([, value]) => value === undefined)
    .map(([field]) => ({
      field,
      value: undefined,
      remedy: `profile ${name} takes its image from an existing repository here; pass both -c imageRepositoryName=… and -c imageTag=…`,
    }));
}

function secretProblems({ database, name }: DeploymentProfile, { databaseSecretName }: ContextInputs): Problem[] {
  if (database.credentials.kind !== 'existing-secret' || databaseSecretName !== undefined) return [];
  return [
    {
      field: 'databaseSecretName',
      value: undefined,
      remedy: `profile ${name} uses an existing secret; pass -c databaseSecretName=…`,
    },
  ];
}

function clientProblems({ name, apiGateway }: DeploymentProfile, { truststorePath }: ContextInputs): Problem[] {
  if (apiGateway?.clients.kind !== 'mutual-tls') return [];
  if (truststorePath !== undefined) return truststoreProblems(truststorePath, new Date());
  return [
    {
      field: 'truststorePath',
      value: undefined,
      remedy: `profile ${name} authenticates clients by certificate; pass -c truststorePath=ca.pem`,
    },
  ];
}
