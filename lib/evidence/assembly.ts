import { type Output, type SourceResource, type StackSource, ValueResolver } from './resolve-values';
import { byCodeUnit } from './sort';
import { isRecord, type Reference, referencesIn } from './values';

/** A resource of a cloud assembly. */
export interface AssemblyResource {
  /** `STACK/LOGICAL-ID`, unique in the assembly. */
  readonly key: string;
  /** The id of its stack in the assembly. */
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly type: string;
  /** Intrinsic functions are replaced by their results; what only a deployment knows are the classes of `values.ts`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What CloudFormation does if the template names none: `Snapshot` for databases, `Delete` for others. */
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Keys of the resources that `DependsOn` names. */
  readonly dependsOn: readonly string[];
}

/** A stack of a cloud assembly. A nested one is named `STACK/LOGICAL-ID`. */
export interface AssemblyStack {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly outputs: Readonly<Record<string, Output>>;
}

/**
 * The resources of a cloud assembly and the references between them, across stacks.
 *
 * Reads templates only, so that any assembly can be examined. Lists are sorted by code unit.
 */
export class Assembly {
  readonly stacks: readonly AssemblyStack[];
  readonly resources: readonly AssemblyResource[];
  readonly #byKey: ReadonlyMap<string, AssemblyResource>;
  readonly #byType: ReadonlyMap<string, readonly AssemblyResource[]>;

  constructor(sources: readonly StackSource[]) {
    const resolver = new ValueResolver(sources);
    this.stacks = sources
      .map(({ id, name, region, account }) => ({ id, name, region, account, outputs: resolver.outputsOf(id) }))
      .sort(byCodeUnit(({ id }) => id));
    this.resources = sources.flatMap((source) => resourcesOf(source, resolver)).sort(byCodeUnit(({ key }) => key));
    this.#byKey = new Map(this.resources.map((resource) => [resource.key, resource]));
    const types = [...new Set(this.resources.map(({ type }) => type))];
    this.#byType = new Map(types.map((type) => [type, this.resources.filter((resource) => resource.type === type)]));
  }

  /** The resources of the given types. */
  ofType(...types: readonly string[]): readonly AssemblyResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** The types of all resources, each once. */
  get types(): readonly string[] {
    return [...this.#byType.keys()].sort(byCodeUnit((type) => type));
  }

  /** The resource with a key. @throws when there is none */
  get(key: string): AssemblyResource {
    const found = this.#byKey.get(key);
    if (!found) throw new Error(`The assembly has no resource ${key}.`);
    return found;
  }

  /** The resource that a value refers to; `undefined` if it is no reference to exactly one. */
  target(value: unknown): AssemblyResource | undefined {
    const [first, ...others] = referencesIn(value);
    return first && others.length === 0 ? this.#byKey.get(first.target) : undefined;
  }

  /** The references of a resource's properties. */
  referencesOf(resource: AssemblyResource): readonly Reference[] {
    return referencesIn(resource.properties);
  }

  /** The resources whose properties refer to the one with this key, of the given types if any are given. */
  referrersOf(key: string, ...types: readonly string[]): readonly AssemblyResource[] {
    return (types.length > 0 ? this.ofType(...types) : this.resources).filter((resource) =>
      this.referencesOf(resource).some(({ target }) => target === key),
    );
  }
}

function resourcesOf(source: StackSource, resolver: ValueResolver): AssemblyResource[] {
  return Object.entries(source.template.Resources ?? {})
    .filter(([, { Condition }]) => Condition === undefined || resolver.condition(source.id, Condition) !== false)
    .map(([logicalId, resource]) => {
      const properties = resolver.resolve(source.id, resource.Properties ?? {});
      return {
        key: `${source.id}/${logicalId}`,
        stack: source.id,
        logicalId,
        region: source.region,
        type: resource.Type,
        properties: isRecord(properties) ? properties : {},
        metadata: resource.Metadata ?? {},
        deletionPolicy: resource.DeletionPolicy ?? defaultDeletionPolicy(resource),
        updateReplacePolicy: resource.UpdateReplacePolicy ?? 'Delete',
        dependsOn: [resource.DependsOn ?? []].flat().map((id) => `${source.id}/${id}`),
      };
    });
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
function defaultDeletionPolicy({ Type, Properties }: SourceResource): string {
  const isAlone = Type === 'AWS::RDS::DBInstance' && Properties?.['DBClusterIdentifier'] === undefined;
  return Type === 'AWS::RDS::DBCluster' || isAlone ? 'Snapshot' : 'Delete';
}
