import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { addOutput } from '../core/add-output';

export interface ServiceClusterProps {
  readonly clusterName: string;
  readonly vpc: IVpc;
}

/** The ECS cluster, with Container Insights. */
export class ServiceCluster extends Cluster {
  constructor(scope: Construct, id: string, props: ServiceClusterProps) {
    const { clusterName, vpc } = props;
    super(scope, id, { clusterName, vpc, containerInsightsV2: ContainerInsights.ENABLED });
    addOutput(this, 'ClusterName', this.clusterName);
    // Otherwise Container Insights creates the log group, which is unencrypted, never expires and remains after a deletion.
    const performance = new LogGroup(this, 'PerformanceLogs', {
      logGroupName: `/aws/ecs/containerinsights/${clusterName}/performance`,
    });
    this.node.defaultChild?.node.addDependency(performance);
  }
}
