import { IpAddresses, SubnetType, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acceptFinding } from '../compliance/accepted-findings';
import type { NetworkConfig } from '../config/deployment-profile';
import { subnetPrefixLengths, subnetTiers } from '../config/network-problems';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ResourceNames } from '../core/resource-names';
import { createEgress } from './create-egress';

export interface PaymentVpcProps {
  readonly config: NetworkConfig;
  readonly names: ResourceNames;
}

/** The subnet configuration of each tier. */
const tiers = {
  public: {
    name: 'Public',
    subnetType: SubnetType.PUBLIC,
    cidrMask: subnetPrefixLengths.public,
    mapPublicIpOnLaunch: false,
  },
  app: { name: 'App', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: subnetPrefixLengths.app },
  data: { name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: subnetPrefixLengths.data },
} as const;

/** The VPC, with a subnet and a route table for each tier in each Availability Zone. */
export class PaymentVpc extends Vpc {
  /** Subnets for load balancers and NAT devices. */
  readonly publicTier: SubnetSelection;
  /** Subnets for tasks and functions. */
  readonly appTier: SubnetSelection;
  /** Subnets for the database: isolated ones, or the private ones if the profile has no data tier. */
  readonly dataTier: SubnetSelection;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: PaymentVpcProps) {
    const { config, names } = props;
    const egress = createEgress(config);
    super(scope, id, {
      vpcName: names.of('vpc'),
      ipAddresses: IpAddresses.cidr(config.cidr),
      maxAzs: config.availabilityZoneCount,
      natGateways: egress.count,
      natGatewayProvider: egress.provider,
      subnetConfiguration: subnetTiers[config.subnetTiers].map((name) => tiers[name]),
      // Removes all rules of the default security group, which resources without a group of their own get.
      restrictDefaultSecurityGroup: true,
    });
    this.publicTier = { subnets: this.publicSubnets };
    this.appTier = { subnets: this.privateSubnets };
    this.dataTier = { subnets: this.isolatedSubnets.length > 0 ? this.isolatedSubnets : this.privateSubnets };
    this.alarms = egress.complete(this, names);
    for (const subnet of this.publicSubnets) {
      acceptFinding(subnet, {
        rule: 'PCI.DSS.321-VPCNoUnrestrictedRouteToIGW',
        reason: 'A public subnet contains only the load balancer and NAT devices, and both need the route.',
        compensatingControl:
          'Security groups allow only the one ingress, and instances get no public address on launch.',
      });
    }
  }
}
