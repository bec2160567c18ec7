import type { PlatformSettings } from './platform-settings';

/** The key of the metadata under which the template of the dashboard keeps the settings of its deployment. */
export const settingsMetadata = 'payment-platform:settings';

/** Settings by field: a path of the profile, such as `network.cidr`, or the name of an input. */
export type RecordedSettings = Readonly<Record<string, unknown>>;

/**
 * The settings that decide what an environment is, as a deployment records them for the next one.
 *
 * The address of the on-call team and the truststore are left out: they are personal, or a file.
 */
export function recordedSettings(settings: PlatformSettings): RecordedSettings {
  const { profile, image, domain } = settings;
  const { name, region: _, ...fields } = profile;
  const zone = domain?.zone.kind === 'existing' ? domain.zone.hostedZoneId : undefined;
  const existing = image.kind === 'existing-repository' ? image : undefined;
  const inputs = {
    profile: name,
    region: settings.region,
    availabilityZones: settings.availabilityZones?.join(','),
    domainName: domain?.domainName,
    hostedZoneId: zone,
    certificateArn: settings.certificateArn,
    databaseSecretName: settings.databaseSecretName,
    imageRepositoryName: existing?.repositoryName,
    imageTag: existing?.tag,
    allowDestroy: settings.allowDestroy,
  };
  return Object.fromEntries([...Object.entries(inputs), ...leaves(fields)].filter(([, value]) => value !== undefined));
}

/** Every field of a profile by its path, below `prefix`. Tags and lists are one field each. */
export function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, unknown][] => {
    const field = prefix + name;
    const isPart = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && field !== 'tags';
    return isPart ? leaves(inner, `${field}.`) : [[field, inner]];
  });
}
