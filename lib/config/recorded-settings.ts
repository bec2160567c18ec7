import type { PlatformSettings } from './platform-settings';

/** The metadata key of the dashboard resource that stores the settings of the deployment. */
export const settingsMetadata = 'payment-platform:settings';

/** Setting values by field: the path of a profile field, such as `network.cidr`, or a context key. */
export type RecordedSettings = Readonly<Record<string, unknown>>;

/**
 * The settings that a deployment records, so that the next one can compare its own with them.
 *
 * `alarmEmail` is omitted because it is personal data, `truststorePath` because it is the path of a local file.
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

/** All fields of `value` by path, each path starting with `prefix`. Tags and lists count as one field each. */
export function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, unknown][] => {
    const field = prefix + name;
    const isPart = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && field !== 'tags';
    return isPart ? leaves(inner, `${field}.`) : [[field, inner]];
  });
}
