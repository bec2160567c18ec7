import { IpAddresses, SubnetType, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acceptFinding } from '../compliance/accepted-findings';
import type { NetworkConfig } from '../config/deployment-profile';
import { subnetPrefixLengths, subnetTiers } from '../config/network-problems';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ResourceNames } from '../core/resource-names';
import { createEgress } from './create-egress';

/** What the VPC is told. */
export interface PaymentVpcProps {
  readonly config: NetworkConfig;
  readonly names: ResourceNames;
}

/** The subnets of each tier, as CDK groups them. */
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

/** One VPC with a subnet and a route table of its own for each tier in each zone. */
export class PaymentVpc extends Vpc {
  /** Load balancers and NAT devices only. */
  readonly publicTier: SubnetSelection;
  /** Everything that computes. */
  readonly appTier: SubnetSelection;
  /** The database: isolated, or private where the profile has no tier of its own for it. */
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
      // The group that AWS puts everything into which names none: it admits and lets out nothing.
      restrictDefaultSecurityGroup: true,
    });
    this.publicTier = { subnets: this.publicSubnets };
    this.appTier = { subnets: this.privateSubnets };
    this.dataTier = { subnets: this.isolatedSubnets.length > 0 ? this.isolatedSubnets : this.privateSubnets };
    this.alarms = egress.complete(this, names);
    for (const subnet of this.publicSubnets) {
      acceptFinding(subnet, {
        rule: 'PCI.DSS.321-VPCNoUnrestrictedRouteToIGW',
        reason:
          'A public subnet holds the load balancer and the NAT devices; both need the route, and nothing else stands there.',
        compensatingControl: 'Security groups admit the one ingress only, and no address is assigned on launch.',
      });
    }
  }
}
