import type { ContextInputs } from './context-inputs';
import { credentialTraits } from './database-config';
import type { DeploymentProfile } from './deployment-profile';

/** The source of the API image: built from `app/` by the CDK CLI, or an existing image in ECR. */
export type ImageSettings =
  | { readonly kind: 'built-from-source' }
  | { readonly kind: 'existing-repository'; readonly repositoryName: string; readonly tag: string };

/** The domain name of the platform and its public hosted zone. */
export interface DomainSettings {
  readonly domainName: string;
  readonly zone: { readonly kind: 'existing'; readonly hostedZoneId: string } | { readonly kind: 'created' };
}

/** The settings of one environment: a complete profile and the context values. */
export interface PlatformSettings {
  readonly profile: DeploymentProfile;
  readonly environmentSuffix: string;
  /** The home region. Only the stacks for CloudFront and for the document replica are in another one. */
  readonly region: string;
  /** The 12-digit account ID. If `undefined`, the CDK CLI resolves it at deployment, so synthesis needs no account. */
  readonly account: string | undefined;
  /** Names of Availability Zones of the home region. @default - the first zones of the region */
  readonly availabilityZones: readonly string[] | undefined;
  readonly image: ImageSettings;
  readonly domain: DomainSettings | undefined;
  readonly certificateArn: string | undefined;
  readonly databaseSecretName: string | undefined;
  readonly truststorePath: string | undefined;
  readonly alarmEmail: string | undefined;
  /** URL of the published runbook, to which alarms link. @default - alarms name the heading in lib/observability/RUNBOOK.md */
  readonly runbookUrl: string | undefined;
  readonly allowDestroy: boolean;
}

/** Combines a profile and context values, both already validated. */
export function platformSettings(
  profile: DeploymentProfile,
  inputs: ContextInputs,
  cliAccount: string | undefined,
): PlatformSettings {
  const { domainName, hostedZoneId, imageRepositoryName, imageTag } = inputs;
  return {
    profile,
    environmentSuffix: inputs.environmentSuffix,
    region: inputs.region ?? profile.region,
    account: inputs.account ?? cliAccount,
    availabilityZones: inputs.availabilityZones?.split(','),
    image:
      imageRepositoryName !== undefined && imageTag !== undefined
        ? { kind: 'existing-repository', repositoryName: imageRepositoryName, tag: imageTag }
        : { kind: 'built-from-source' },
    domain:
      domainName === undefined
        ? undefined
        : { domainName, zone: hostedZoneId === undefined ? { kind: 'created' } : { kind: 'existing', hostedZoneId } },
    certificateArn: inputs.certificateArn,
    databaseSecretName: inputs.databaseSecretName,
    truststorePath: inputs.truststorePath,
    alarmEmail: inputs.alarmEmail,
    runbookUrl: inputs.runbookUrl,
    allowDestroy: inputs.allowDestroy,
  };
}

/** Whether the load balancer has a certificate. It has one for the domain name, passed or created. */
export function hasCertificate({ domain }: PlatformSettings): boolean {
  return domain !== undefined;
}

/** Whether a function in the VPC rotates database credentials. */
export function rotatesCredentialByFunction({ profile }: PlatformSettings): boolean {
  return credentialTraits[profile.database.credentials.kind].rotatesByFunction;
}

/** Whether clients authenticate to API Gateway with a certificate. */
export function hasMutualTls({ profile }: PlatformSettings): boolean {
  return profile.apiGateway?.clients.kind === 'mutual-tls';
}
