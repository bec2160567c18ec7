import type { Template } from './template-set';

/** Identifies an output as other stacks reference it: `REGION/STACK.OUTPUT`, or the name of its export. */
export type OutputKey = string;

/** The outputs of a stack that change if the resources in `replaced` get new ids. */
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

/** Returns a copy of `value` with a mark on each reference to a changed output, so that a comparison detects it. */
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

/** The regions of the stacks whose outputs a template references. */
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
