import { FlowLog, FlowLogDestination, FlowLogResourceType, FlowLogTrafficType, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';

export interface FlowLogsProps {
  readonly vpc: IVpc;
  readonly names: ResourceNames;
}

/** VPC flow logs of accepted and rejected traffic (PCI DSS 10.2). */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { vpc, names } = props;
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'flow') });
    const role = new PlatformRole(this, 'Role', {
      names,
      purpose: 'flow-logs',
      description: 'Lets VPC flow logs write to their log group',
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    new FlowLog(this, 'FlowLog', {
      flowLogName: names.of('flow-log'),
      resourceType: FlowLogResourceType.fromVpc(vpc),
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
    });
  }
}
