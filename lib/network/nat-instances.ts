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

/** What the instances are told. */
export interface NatInstancesProps {
  /** The provider that has made them, one in each public subnet of the VPC. */
  readonly provider: NatInstanceProviderV2;
  /** The addresses that they translate. */
  readonly cidr: string;
  readonly names: ResourceNames;
}

const oneMinute = Duration.minutes(1);

/**
 * Instances that translate addresses instead of NAT gateways: one a zone, for HTTPS from inside the VPC only.
 *
 * Nobody can log in to them. Each runs the newest Amazon Linux of the day of its deployment, and is replaced by a deployment after a newer one
 * has come out; one that fails is recovered or restarted by CloudWatch.
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

  /** What a VPC makes its NAT instances of. */
  static provider(instanceType: string): NatInstanceProviderV2 {
    return NatProvider.instanceV2({
      instanceType: new InstanceType(instanceType),
      // Subnets give no addresses away.
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

/** What the provider cannot be told: metadata for tokens only, and an encrypted volume. */
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
      'The instance keeps no state: CloudFormation replaces it when a newer system is out, and deletes it with the environment.',
    compensatingControl: 'It is recovered or restarted when its status checks fail, and its loss pages.',
  });
  acceptFindings(instance, ['PCI.DSS.321-EC2InstancesInVPC'], {
    reason:
      'The rule looks for a subnet at the instance; this one names it at its network interface, as an instance with a public address must.',
    compensatingControl: 'A test follows each instance to its public subnet.',
  });
  acceptFindings(instance, ['PCI.DSS.321-EC2InstanceNoPublicIp'], {
    reason: 'Translating addresses needs a public one; subnets give none away, so it is asked for by name.',
    compensatingControl: 'Its security group admits HTTPS from inside the VPC, and nothing from the internet.',
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
