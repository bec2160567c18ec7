import { Duration } from 'aws-cdk-lib';
import { Alarm, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Ec2Action, Ec2InstanceAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import {
  type CfnInstance,
  CfnSecurityGroup,
  CpuCredits,
  type Instance,
  InstanceType,
  type NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
} from 'aws-cdk-lib/aws-ec2';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { PlatformStack } from '../core/platform-stack';
import type { ResourceNames } from '../core/resource-names';

export interface NatInstancesProps {
  /** The provider that created the instances, one in each public subnet of the VPC. */
  readonly provider: NatInstanceProviderV2;
  /** The CIDR block of the VPC. */
  readonly cidr: string;
  readonly names: ResourceNames;
}

const oneMinute = Duration.minutes(1);

/**
 * NAT instances instead of NAT gateways: one per Availability Zone, for HTTPS from the VPC only.
 *
 * They allow no login. Each uses the latest Amazon Linux AMI. A deployment replaces it if a newer AMI exists. CloudWatch recovers or
 * reboots a failing instance.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
 */
export class NatInstances extends Construct {
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: NatInstancesProps) {
    super(scope, id);
    const { provider, cidr, names } = props;
    const { connections, securityGroup, gatewayInstances } = provider;
    connections.allowFrom(Peer.ipv4(cidr), Port.HTTPS, 'HTTPS of the private subnets');
    connections.allowToAnyIpv4(Port.HTTPS, 'HTTPS to the internet, and packages of its own');
    const group = securityGroup.node.defaultChild;
    if (group instanceof CfnSecurityGroup) group.groupName = names.of('security-group', 'nat');

    const volumesKey = new Key(this, 'VolumesKey', {
      alias: `alias/${names.of('key', 'nat-volumes')}`,
      description: 'Encrypts the volumes of the NAT instances',
    });
    gatewayInstances.forEach((instance, index) => {
      harden(instance, volumesKey);
      this.#restartWhenFailing(instance, names, index + 1);
    });
    this.alarms = [lossOf(gatewayInstances)];
  }

  /** The NAT provider for the VPC. */
  static provider(instanceType: string): NatInstanceProviderV2 {
    return NatProvider.instanceV2({
      instanceType: new InstanceType(instanceType),
      // The subnets assign no public addresses.
      associatePublicIpAddress: true,
      creditSpecification: CpuCredits.UNLIMITED,
      defaultAllowedTraffic: NatTrafficDirection.NONE,
    });
  }

  #restartWhenFailing(instance: Instance, names: ResourceNames, zone: number): void {
    const restart = (id: string, purpose: string, check: string, action: Ec2InstanceAction) => {
      new Alarm(this, `${id}${zone}`, {
        alarmName: names.of('alarm', `nat-instances-${purpose}-${zone}`),
        alarmDescription: PlatformStack.of(this).runbook.describe(
          'nat-instances',
          `The NAT instance in zone ${zone} fails a status check. CloudWatch starts a ${purpose} automatically.`,
        ),
        metric: statusCheck(instance, check),
        threshold: 1,
        evaluationPeriods: 2,
      }).addAlarmAction(new Ec2Action(action));
    };
    restart('Recovery', 'recovery', 'StatusCheckFailed_System', Ec2InstanceAction.RECOVER);
    restart('Reboot', 'reboot', 'StatusCheckFailed_Instance', Ec2InstanceAction.REBOOT);
  }
}

/** Requires IMDSv2 and encrypts the volume, for which the provider has no options. */
function harden(instance: Instance, key: IKey): void {
  const resource = instance.node.defaultChild as CfnInstance;
  resource.monitoring = true;
  resource.metadataOptions = { httpTokens: 'required', httpPutResponseHopLimit: 1 };
  resource.blockDeviceMappings = [
    {
      deviceName: '/dev/xvda',
      ebs: { encrypted: true, kmsKeyId: key.keyArn, volumeType: 'gp3', volumeSize: 8, deleteOnTermination: true },
    },
  ];
  acceptFindings(instance, ['AwsSolutions-EC29'], {
    reason:
      'The instance is stateless. CloudFormation replaces it for a newer AMI and deletes it with the environment.',
    compensatingControl:
      'CloudWatch recovers or reboots it when its status checks fail, and an alarm reports its loss.',
  });
  acceptFindings(instance, ['PCI.DSS.321-EC2InstancesInVPC'], {
    reason:
      'The rule expects the subnet in the instance properties. An instance with a public address sets it in its network interface.',
    compensatingControl: 'A test checks the subnet of each instance.',
  });
  acceptFindings(instance, ['PCI.DSS.321-EC2InstanceNoPublicIp'], {
    reason: 'NAT needs a public address.',
    compensatingControl: 'Its security group allows only HTTPS from the VPC, and nothing from the internet.',
  });
}

function statusCheck(instance: Instance, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/EC2',
    metricName,
    statistic: Stats.MAXIMUM,
    period: oneMinute,
    dimensionsMap: { InstanceId: instance.instanceId },
  });
}

function lossOf(instances: readonly Instance[]): AlarmDefinition {
  const checks = instances.map(
    (instance, index) => [`zone${index + 1}`, statusCheck(instance, 'StatusCheckFailed')] as const,
  );
  return {
    id: 'nat-instances',
    severity: 'page',
    meaning: 'A NAT instance fails or is missing. Tasks in its zone may not reach the card acquirer.',
    firstLook: 'Look at the status checks of the NAT instances, including terminated ones.',
    metric: new MathExpression({
      label: 'failing NAT instances',
      period: oneMinute,
      // A terminated instance reports nothing, so no data counts as a failed check.
      expression: checks.map(([name]) => `FILL(${name}, 1)`).join(' + '),
      usingMetrics: Object.fromEntries(checks),
    }),
    threshold: 1,
    evaluationPeriods: 5,
  };
}
