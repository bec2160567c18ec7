import type { Template } from './template-set';

/** Identifies an output by what other stacks name it by: `REGION/STACK.OUTPUT`, or the name of its export. */
export type OutputKey = string;

/** The outputs of a stack that change when the resources in `replaced` change their ids. */
export function changedOutputs(
  stack: string,
  current: Template,
  next: Template,
  replaced: ReadonlySet<string>,
): OutputKey[] {
  return Object.entries(next.Outputs ?? {}).flatMap(([id, { Value, Export }]) => {
    const before = current.Outputs?.[id];
    const isChanged = before && JSON.stringify(before.Value) !== JSON.stringify(Value);
    if (!isChanged && !refersTo(Value, replaced)) return [];
    return [`${stack}.${id}`, ...(Export ? [JSON.stringify(Export.Name)] : [])];
  });
}

/** A copy of `value` in which each reference to a changed output differs from the one before. */
export function withChangedValues(value: unknown, changed: ReadonlySet<OutputKey>): unknown {
  if (Array.isArray(value)) return value.map((item) => withChangedValues(item, changed));
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::GetStackOutput': output, 'Fn::ImportValue': imported } = value as Record<string, unknown>;
  const { Region, StackName, OutputName } = (output ?? {}) as Record<string, unknown>;
  const key =
    output === undefined ? JSON.stringify(imported) : `${String(Region)}/${String(StackName)}.${String(OutputName)}`;
  if (changed.has(key)) return { ...value, 'Changed value': true };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withChangedValues(inner, changed)]));
}

/** The regions whose stacks a template takes outputs of. */
export function referredRegions(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Fn::GetStackOutput' ? [(inner as { Region: string }).Region] : referredRegions(inner),
  );
}

function refersTo(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => {
    if (key === 'Ref') return ids.has(String(inner));
    if (key === 'Fn::GetAtt')
      return ids.has(Array.isArray(inner) ? String(inner[0]) : (String(inner).split('.', 1)[0] ?? ''));
    if (key !== 'Fn::Sub') return refersTo(inner, ids);
    const [text, variables] = [inner].flat() as [string, unknown];
    const named = [...text.matchAll(/\$\{([^!}.]+)/g)].map(([, name = '']) => name);
    return named.some((name) => ids.has(name)) || refersTo(variables, ids);
  });
}
