import { type RecordedSettings, settingsMetadata } from '../config/recorded-settings';
import type { TemplateSet } from './template-set';

/** A field with its values before and after a change; `undefined` if one side lacks the field. */
export interface ChangedSetting {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The settings that a deployment recorded in its templates; `undefined` if it recorded none. */
export function settingsIn(templates: TemplateSet): RecordedSettings | undefined {
  const [settings] = Object.values(templates).flatMap(({ Resources = {} }) =>
    Object.values(Resources).flatMap(({ Metadata }) => Metadata?.[settingsMetadata] ?? []),
  );
  return settings as RecordedSettings | undefined;
}

export function changedSettings(before: RecordedSettings, after: RecordedSettings): ChangedSetting[] {
  return Object.keys({ ...before, ...after })
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
