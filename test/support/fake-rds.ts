import {
  CreateDBInstanceCommand,
  DBClusterAlreadyExistsFault,
  DBClusterNotFoundFault,
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  InvalidDBClusterStateFault,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  type DBClusterSnapshot,
  type Tag,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';

/** A resource that RDS creates or deletes, and the number of describe calls until it is done. */
interface Resource {
  status: string;
  asksLeft: number;
  tags: Tag[];
}

const fault = { message: 'fake', $metadata: {} };

/** The source cluster of the snapshots. */
export const sourceId = 'database-test1';

/** A fake of RDS with a source cluster, a restored cluster and its instance. Changes take several describe calls. */
export class FakeRds {
  readonly mock = mockClient(RDSClient);
  /** Describe calls until a resource is created or deleted. */
  readonly asks = { cluster: 2, instance: 2, removal: 2 };
  /** The status of a created resource. */
  readonly made = { cluster: 'available', instance: 'available' };
  sourceCreatedAt = new Date(0);
  snapshots: DBClusterSnapshot[] = [];
  cluster: Resource | undefined;
  instance: Resource | undefined;
  readonly #failures = new Map<string, Error[]>();

  constructor() {
    this.#on(DescribeDBClustersCommand, ({ DBClusterIdentifier }) => this.#describeCluster(DBClusterIdentifier));
    this.#on(DescribeDBInstancesCommand, () => {
      this.instance = this.#asked(this.instance, this.made.instance);
      if (!this.instance) throw new DBInstanceNotFoundFault(fault);
      return { DBInstances: [{ DBInstanceStatus: this.instance.status }] };
    });
    // Two pages, to detect code that reads only the first one.
    this.#on(DescribeDBClusterSnapshotsCommand, ({ Marker }) =>
      Marker === undefined
        ? { DBClusterSnapshots: this.snapshots.slice(0, 1), Marker: 'more' }
        : { DBClusterSnapshots: this.snapshots.slice(1) },
    );
    this.#on(RestoreDBClusterFromSnapshotCommand, ({ Tags = [] }) => {
      if (this.cluster) throw new DBClusterAlreadyExistsFault(fault);
      this.cluster = { status: 'creating', asksLeft: this.asks.cluster, tags: Tags };
      return {};
    });
    this.#on(CreateDBInstanceCommand, ({ Tags = [] }) => {
      if (this.instance) throw new DBInstanceAlreadyExistsFault(fault);
      if (this.cluster?.status !== 'available') throw new InvalidDBClusterStateFault(fault);
      this.instance = { status: 'creating', asksLeft: this.asks.instance, tags: Tags };
      return {};
    });
    this.#on(DeleteDBInstanceCommand, () => {
      if (!this.instance) throw new DBInstanceNotFoundFault(fault);
      this.instance = { ...this.instance, status: 'deleting', asksLeft: this.asks.removal };
      return {};
    });
    this.#on(DeleteDBClusterCommand, () => {
      if (!this.cluster) throw new DBClusterNotFoundFault(fault);
      const isBusy = this.cluster.status === 'creating' || (this.instance && this.instance.status !== 'deleting');
      if (isBusy) throw new InvalidDBClusterStateFault(fault);
      this.cluster = { ...this.cluster, status: 'deleting', asksLeft: this.asks.removal };
      return {};
    });
  }

  /** Makes the next calls of a command fail, one per error. A call may still take effect, like one whose response is lost. */
  fail(command: string, ...errors: readonly Error[]): void {
    this.#failures.set(command, [...errors]);
  }

  /** How often a command was called. */
  calls(command: string): Record<string, unknown>[] {
    return this.mock
      .calls()
      .filter((call) => call.args[0].constructor.name === command)
      .map((call) => call.args[0].input as Record<string, unknown>);
  }

  #describeCluster(identifier: string | undefined) {
    if (identifier === sourceId) {
      const names = { DBSubnetGroup: 'subnets', DBClusterParameterGroup: 'parameters', Engine: 'aurora-postgresql' };
      const TagList = [
        { Key: 'CostCenter', Value: 'payments' },
        { Key: 'Name', Value: 'original' },
        { Key: 'aws:cloudformation:stack-name', Value: 'data' },
      ];
      return { DBClusters: [{ ...names, TagList, ClusterCreateTime: this.sourceCreatedAt }] };
    }
    this.cluster = this.#asked(this.cluster, this.made.cluster);
    if (!this.cluster) throw new DBClusterNotFoundFault(fault);
    const { status, tags } = this.cluster;
    return {
      DBClusters: [
        { Status: status, TagList: tags, Endpoint: 'restored.example', Port: 5432, Engine: 'aurora-postgresql' },
      ],
    };
  }

  #asked(resource: Resource | undefined, whenMade: string): Resource | undefined {
    if (!resource) return undefined;
    resource.asksLeft -= 1;
    if (resource.asksLeft >= 0) return resource;
    if (resource.status === 'deleting') return undefined;
    return resource.status === 'creating' ? { ...resource, status: whenMade } : resource;
  }

  #on<Input extends object>(
    command: new (input: Input) => { readonly input: Input },
    answer: (input: Input) => object,
  ): void {
    this.mock.on(command as never).callsFake((input: Input) => {
      const error = this.#failures.get(command.name)?.shift();
      if (error?.name === 'TimeoutError') answer(input);
      if (error) throw error;
      return answer(input);
    });
  }
}
