import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** The physical ids of a stack's resources, by type. */
export class StackResources {
  readonly #idsOf: ReadonlyMap<string, readonly string[]>;

  constructor(resources: readonly (readonly [type: string, physicalId: string])[]) {
    this.#idsOf = new Map(
      [...new Set(resources.map(([type]) => type))].map((type) => [
        type,
        resources.filter(([each]) => each === type).map(([, id]) => id),
      ]),
    );
  }

  /** All resources of a deployed stack. */
  static async of(client: CloudFormationClient, stackName: string): Promise<StackResources> {
    const found: [string, string][] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
      for (const { ResourceType, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? []) {
        if (ResourceType && PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE') {
          found.push([ResourceType, PhysicalResourceId]);
        }
      }
    }
    return new StackResources(found);
  }

  all(type: string): readonly string[] {
    return this.#idsOf.get(type) ?? [];
  }

  /** The one resource of a type. @throws when there is another number of them */
  only(type: string): string {
    const [id, ...others] = this.all(type);
    if (id === undefined || others.length > 0) {
      throw new Error(`Expected one ${type} in the stack, but there are ${this.all(type).length}.`);
    }
    return id;
  }
}
