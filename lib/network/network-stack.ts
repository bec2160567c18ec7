import { CfnOutput } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { hasCertificate } from '../config/platform-settings';
import { type AlarmDefinition, createAlarm } from '../constructs/alarm-definition';
import { AlarmNotifications } from '../constructs/alarm-notifications';
import { PermissionsBoundary } from '../core/permissions-boundary';
import { pascalCase } from '../core/pascal-case';
import { PlatformStack, type PlatformStackProps } from '../core/platform-stack';
import { createIngress } from '../ingress/create-ingress';
import { FlowLogs } from './flow-logs';
import type { NetworkResources, SecurityGroups } from './network-resources';
import { PaymentVpc } from './payment-vpc';
import { ServiceFirewall } from './service-firewall';
import { VpcEndpoints } from './vpc-endpoints';
import { vpcFunctions } from './vpc-functions';

export interface NetworkStackProps extends PlatformStackProps {
  /** The regions of all stacks of the platform. */
  readonly regions: readonly string[];
}

/** The first tier: VPC, security groups and permissions boundary. */
export class NetworkStack extends PlatformStack implements NetworkResources {
  readonly vpc: IVpc;
  readonly publicSubnets: SubnetSelection;
  readonly appSubnets: SubnetSelection;
  readonly dataSubnets: SubnetSelection;
  readonly securityGroups: SecurityGroups;
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props, {
      tier: 'network',
      description: 'Payment platform: VPC, subnets, egress, security groups',
    });
    const { names } = this;
    const { profile } = props.settings;
    const { network } = profile;

    const boundary = new PermissionsBoundary(this, 'DenyList', {
      policyName: PermissionsBoundary.policyName(names),
      regions: props.regions,
    });
    PermissionsBoundary.applyTo(this, boundary);
    const vpc = new PaymentVpc(this, 'Vpc', { config: network, names });
    new FlowLogs(this, 'FlowLogs', { vpc, names });
    const port = hasCertificate(props.settings) ? Port.HTTPS : Port.HTTP;
    const ingressPeer = createIngress(profile).bindToFirewall(this, { names, vpc, port });
    const firewall = new ServiceFirewall(this, 'Firewall', {
      vpc,
      names,
      functions: vpcFunctions.filter(({ isPartOf }) => isPartOf(props.settings)),
      ingress: ingressPeer,
    });
    if (network.privateEndpoints) {
      new VpcEndpoints(this, 'Endpoints', {
        profile,
        vpc,
        subnets: vpc.appTier,
        securityGroup: firewall.endpoints,
      });
    }

    this.vpc = vpc;
    this.alarms = this.#raise(vpc.alarms, props.settings.alarmEmail);
    this.publicSubnets = vpc.publicTier;
    this.appSubnets = vpc.appTier;
    this.dataSubnets = vpc.dataTier;
    this.securityGroups = {
      loadBalancer: this.#immutable('LoadBalancerGroup', firewall.loadBalancer),
      tasks: this.#immutable('TasksGroup', firewall.tasks),
      database: this.#immutable('DatabaseGroup', firewall.database),
      vpcLink: ingressPeer.vpcLinkGroup && this.#immutable('VpcLinkGroup', ingressPeer.vpcLinkGroup),
      restoredDatabase:
        firewall.restoredDatabase && this.#immutable('RestoredDatabaseGroup', firewall.restoredDatabase),
      functions: new Map(
        [...firewall.functions].map(([purpose, group]) => [
          purpose,
          this.#immutable(`${pascalCase(purpose)}Group`, group),
        ]),
      ),
    };
  }

  #raise(definitions: readonly AlarmDefinition[], email: string | undefined): IAlarm[] {
    if (definitions.length === 0) return [];
    const { names } = this;
    const { action, topicArn } = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'network-alarms',
      email,
    });
    new CfnOutput(this, 'AlarmTopicArn', { value: topicArn });
    return definitions.map((definition) => createAlarm(this, definition, names, action));
  }

  /** Imports a security group for the other tiers. Otherwise CDK would add their rules to it and create cycles between stacks. */
  #immutable(id: string, group: ISecurityGroup): ISecurityGroup {
    return SecurityGroup.fromSecurityGroupId(this, id, group.securityGroupId, { mutable: false });
  }
}
