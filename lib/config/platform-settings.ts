import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** The API image: built from `app/` by the CDK CLI, or an existing one. */
export type ImageSettings =
  | { readonly kind: 'built-from-source' }
  | { readonly kind: 'existing-repository'; readonly repositoryName: string; readonly tag: string };

/** The domain under which the platform answers, and the public zone that is authoritative for it. */
export interface DomainSettings {
  readonly domainName: string;
  readonly zone: { readonly kind: 'existing'; readonly hostedZoneId: string } | { readonly kind: 'created' };
}

/** Everything that synthesis needs to know: a complete profile and the values of this one environment. */
export interface PlatformSettings {
  readonly profile: DeploymentProfile;
  readonly environmentSuffix: string;
  /** The home region: every stack but those that AWS binds to another region. */
  readonly region: string;
  /** 12 digits; `undefined` lets the CDK CLI decide at deployment, so that synthesis needs no account. */
  readonly account: string | undefined;
  /** The zones of the home region that are used, by name. @default - the first ones, whichever they are */
  readonly availabilityZones: readonly string[] | undefined;
  readonly image: ImageSettings;
  readonly domain: DomainSettings | undefined;
  readonly certificateArn: string | undefined;
  readonly databaseSecretName: string | undefined;
  readonly truststorePath: string | undefined;
  readonly alarmEmail: string | undefined;
  /** The published runbook, to whose headings alarms link. @default - alarms name the heading in lib/observability/RUNBOOK.md */
  readonly runbookUrl: string | undefined;
  readonly allowDestroy: boolean;
}

/** Joins a valid profile with valid inputs. Call it only when neither has problems. */
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

/** Whether the load balancer has a certificate: a given one or its own, both under the name of the domain. */
export function hasCertificate({ domain }: PlatformSettings): boolean {
  return domain !== undefined;
}

/** Whether a function in the VPC rotates a credential in the database. */
export function rotatesCredentialByFunction({ profile }: PlatformSettings): boolean {
  return ['connection-string', 'rotation-function'].includes(profile.database.credentials.kind);
}

/** Whether clients prove themselves by certificate, to the API Gateway. */
export function hasMutualTls({ profile }: PlatformSettings): boolean {
  return profile.apiGateway?.clients.kind === 'mutual-tls';
}
