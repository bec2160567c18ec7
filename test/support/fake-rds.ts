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

/** Something that RDS makes or deletes, and how often it still says so when it is asked. */
interface Resource {
  status: string;
  asksLeft: number;
  tags: Tag[];
}

const fault = { message: 'fake', $metadata: {} };

/** The original, whose snapshots are restored. */
export const sourceId = 'database-test1';

/** An RDS of one source cluster, with the lives of one restored cluster and its instance: what is asked for takes some asking. */
export class FakeRds {
  readonly mock = mockClient(RDSClient);
  /** How often a resource is asked about until it is made, and until it is gone. */
  readonly asks = { cluster: 2, instance: 2, removal: 2 };
  /** What a resource becomes when it is made. */
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
    // Two pages, so that who reads the first one only is found out.
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

  /** The next calls of a command fail, one for each error; a call may take effect all the same, as when its answer is lost. */
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
