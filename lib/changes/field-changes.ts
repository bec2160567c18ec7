import type { ProfileName } from '../config/deployment-profile';
import type { ChangedSetting } from './changed-settings';
import type { Classification } from './classify-changes';
import table from './field-changes.json';

/** What a change of each field does to an existing environment, by profile. */
export type FieldChangeTable = Readonly<Record<ProfileName, Readonly<Record<string, string>>>>;

/** The table that the tests compute from the templates. `npm run changes` renews it. */
export const fieldChangeTable: FieldChangeTable = table;

const notChangeable = 'not changeable';

/** The class of a change in one line, with its reason where an environment cannot take it. */
export function describeChange(classification: Classification | undefined): string {
  if (classification === undefined) return 'fixed by the profile';
  const { changeClass, resources, refusals } = classification;
  const typesOf = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(' ')[0] ?? ''))].join(', ');
  if (changeClass === 'safe replacement') return `safe replacement of ${typesOf(resources)}`;
  if (changeClass !== notChangeable) return changeClass;
  const reasons = [...new Set(refusals.map(({ reason }) => reason))].map((reason) => {
    const types = refusals.flatMap((each) => (each.reason === reason ? [each.resourceType ?? 'stack'] : []));
    return `${typesOf(types.sort())}: ${reason}`;
  });
  return `${notChangeable}: ${reasons.join('; ')}`;
}

/** Whether the table says that an existing environment of the profile cannot take the change. */
export function isNotChangeable(profile: unknown, { field, before, after }: ChangedSetting): boolean {
  const changes = Object.entries(fieldChangeTable).find(([name]) => name === profile)?.[1] ?? {};
  const parts = field.split('.').map((_, index, names) => names.slice(0, index + 1).join('.'));
  const entries = [
    field,
    `-c ${field}`,
    ...(before === undefined ? parts : []),
    ...(after === undefined ? parts.map((part) => `${part} (removed)`) : []),
  ];
  return entries.some((entry) => changes[entry]?.startsWith(notChangeable));
}
