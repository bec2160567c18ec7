import type { TemplateResource, TemplateResources } from './template-resources';

/** The dependencies of each resource of a template, direct and transitive, from `DependsOn` and references. */
export class DependencyGraph {
  readonly #resources: TemplateResources['all'];
  readonly #waitsFor = new Map<string, ReadonlySet<string>>();

  constructor({ all }: TemplateResources) {
    this.#resources = all;
  }

  /** The logical ids that exist before CloudFormation creates `id`, and that it deletes after `id`. */
  before(id: string): ReadonlySet<string> {
    const known = this.#waitsFor.get(id);
    if (known) return known;
    // Stands for the resource while it is followed: CloudFormation refuses circles, so that none is met twice.
    this.#waitsFor.set(id, new Set());
    const direct = this.#named(this.#resources[id]);
    const all = new Set([...direct, ...direct.flatMap((next) => [...this.before(next)])]);
    this.#waitsFor.set(id, all);
    return all;
  }

  #named(resource: TemplateResource | undefined): string[] {
    if (!resource) return [];
    const { DependsOn = [], Properties } = resource;
    return [...[DependsOn].flat(), ...references(Properties)].filter((id) => id in this.#resources);
  }
}

/** The logical ids in `Ref`, `Fn::GetAtt` and the text of `Fn::Sub`. */
export function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : String(inner).split('.')[0])];
    if (key !== 'Fn::Sub') return references(inner);
    const [text, variables] = [inner].flat() as [string, unknown];
    const named = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name.split('.')[0] ?? '');
    return [...named, ...references(variables)];
  });
}
