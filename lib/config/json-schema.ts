import { z } from 'zod';
import { withDescribedChanges } from '../changes/described-changes';
import { profileOverrides } from './profile-overrides';

/** The JSON Schema (draft 2020-12) of a `-c config=FILE`, as JSON text. */
export function overridesJsonSchema(): string {
  const schema = z.toJSONSchema(profileOverrides, { target: 'draft-2020-12', io: 'input' });
  const title = 'Overrides of a deployment profile of the payment platform';
  return `${JSON.stringify({ title, ...withDescribedChanges(schema as object) }, null, 2)}\n`;
}
