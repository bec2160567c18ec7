import { type RecordedSettings, settingsMetadata } from '../config/recorded-settings';
import type { TemplateSet } from './template-set';

/** A field whose value differs; `undefined` where one side has no such field. */
export interface ChangedSetting {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The settings that a deployment has recorded in its templates; `undefined` where there are none. */
export function settingsIn(templates: TemplateSet): RecordedSettings | undefined {
  const [settings] = Object.values(templates).flatMap(({ Resources = {} }) =>
    Object.values(Resources).flatMap(({ Metadata }) => Metadata?.[settingsMetadata] ?? []),
  );
  return settings as RecordedSettings | undefined;
}

/** The fields whose values differ. */
export function changedSettings(before: RecordedSettings, after: RecordedSettings): ChangedSetting[] {
  return Object.keys({ ...before, ...after })
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
