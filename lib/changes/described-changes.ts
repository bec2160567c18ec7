import { type FieldChangeTable, fieldChangeTable } from './field-changes';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** Adds the effect of a change on an existing environment to the descriptions of a JSON Schema. Returns a copy. */
export function withDescribedChanges(schema: Schema, path: readonly string[] = []): Schema {
  const change = changeOf(path.join('.'), fieldChangeTable);
  const description = [schema.description, change].filter((part) => part !== undefined).join(' ');
  return { ...withDescribedParts(schema, path), ...(description !== '' && { description }) };
}

function withDescribedParts(schema: Schema, path: readonly string[]): Schema {
  const { properties, anyOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, withDescribedChanges(inner, [...path, name])]),
      ),
    }),
    ...(anyOf && { anyOf: anyOf.map((variant) => withDescribedParts(variant, path)) }),
  };
}

/** `A change to an existing environment: in place (flagship, metered); not changeable (compact).` */
function changeOf(field: string, table: FieldChangeTable): string | undefined {
  const byClass = new Map<string, string[]>();
  for (const [name, changes] of Object.entries(table)) {
    const changeClass = changes[field]?.split(/:| of /)[0];
    if (changeClass === undefined || changeClass.startsWith('fixed')) continue;
    byClass.set(changeClass, [...(byClass.get(changeClass) ?? []), name]);
  }
  if (byClass.size === 0) return undefined;
  const classes = [...byClass].map(([changeClass, names]) => `${changeClass} (${names.join(', ')})`);
  return `A change to an existing environment: ${classes.join('; ')}.`;
}
