import type { ProfileName } from '../config/deployment-profile';
import type { ChangedSetting } from './changed-settings';
import type { Classification } from './classify-changes';
import table from './field-changes.json';

/** The effect of a change of each field on an existing environment, by profile. */
export type FieldChangeTable = Readonly<Record<ProfileName, Readonly<Record<string, string>>>>;

/** The table as `npm run changes` computes it from the templates. */
export const fieldChangeTable: FieldChangeTable = table;

const notChangeable = 'not changeable';

/** The class of a change in one line, with the reasons if it is not changeable. */
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

/** Whether the table lists the change as not changeable for the profile. */
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
