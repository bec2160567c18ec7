import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import { credentialTraits } from './database-config';
import type { DeploymentProfile } from './deployment-profile';
import { documentProblems } from './document-problems';
import { regionProblems } from './region-problems';
import { signInInputProblems } from './sign-in-problems';
import { truststoreProblems } from './truststore-problems';
import { zoneProblems } from './zone-problems';

/** Conflicts between the profile and the context values of this environment. */
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
    ...signInInputProblems(profile, inputs),
  ];
}

function domainProblems({ domain, name, region }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const problems: Problem[] = [];
  const { domainName, hostedZoneId, certificateArn } = inputs;
  if (domain.required && domainName === undefined) {
    problems.push({
      field: 'domainName',
      value: undefined,
      message: `The profile ${name} needs a domain. Pass -c domainName=NAME, such as pay.example.com.`,
    });
  }
  if (domain.zone === 'existing' && domainName !== undefined && hostedZoneId === undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: undefined,
      message: `Pass -c hostedZoneId=Z… of the public hosted zone that is authoritative for ${domainName}.`,
    });
  }
  if (domainName === undefined && hostedZoneId !== undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: hostedZoneId,
      message: 'The hosted zone has no effect without a domain name. Pass -c domainName=… too.',
    });
  }
  if (domain.zone === 'created' && hostedZoneId !== undefined) {
    problems.push({
      field: 'hostedZoneId',
      value: hostedZoneId,
      message: `The profile ${name} creates its own hosted zone. Omit hostedZoneId.`,
    });
  }
  if (certificateArn !== undefined && domainName === undefined) {
    problems.push({
      field: 'certificateArn',
      value: certificateArn,
      message: 'The certificate has no effect without the domain name that it covers. Pass -c domainName=… too.',
    });
  }
  const home = inputs.region ?? region;
  if (certificateArn !== undefined && certificateArn.split(':')[3] !== home) {
    problems.push({
      field: 'certificateArn',
      value: certificateArn,
      message: `A load balancer accepts only certificates of its own region. Use a certificate of ${home}.`,
    });
  }
  return problems;
}

/** @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const maxCommonNameLength = 64;

/** The domain is the common name (CN) of each certificate that the platform requests. */
function certificateNameProblems({ apiGateway, site }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  const { certificateArn, domainName = '' } = inputs;
  const requestsNoCertificate = certificateArn !== undefined && !site && apiGateway?.clients.kind !== 'mutual-tls';
  if (requestsNoCertificate || domainName.length <= maxCommonNameLength) return [];
  return [
    {
      field: 'domainName',
      value: domainName,
      message: `It has ${domainName.length} characters. ACM issues certificates for domain names of at most ${maxCommonNameLength}. Use a shorter name.`,
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
      message: `The profile ${name} uses an existing image. Pass both -c imageRepositoryName=… and -c imageTag=….`,
    }));
}

function secretProblems({ database, name }: DeploymentProfile, { databaseSecretName }: ContextInputs): Problem[] {
  if (!credentialTraits[database.credentials.kind].needsSecretName || databaseSecretName !== undefined) return [];
  return [
    {
      field: 'databaseSecretName',
      value: undefined,
      message: `The profile ${name} uses an existing database secret. Pass -c databaseSecretName=….`,
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
      message: `The profile ${name} authenticates clients by certificate. Pass -c truststorePath=FILE, a PEM bundle of their certificate authorities.`,
    },
  ];
}
