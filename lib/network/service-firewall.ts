import { type IPeer, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acceptFinding } from '../compliance/accepted-findings';
import { pascalCase } from '../core/pascal-case';
import type { ResourceNames } from '../core/resource-names';
import type { IngressPeer } from '../ingress/ingress';
import { containerPort, databasePort } from './service-ports';
import type { FunctionDestination, FunctionPurpose, VpcFunction } from './vpc-functions';

type Rule = [from: IPeer | ISecurityGroup, to: IPeer | ISecurityGroup, port: Port, why: string];

export interface ServiceFirewallProps {
  readonly vpc: IVpc;
  readonly names: ResourceNames;
  /** The peer that may reach the load balancer. */
  readonly ingress: IngressPeer;
  /** The functions in the VPC. */
  readonly functions: readonly VpcFunction[];
}

/** All security groups of the platform, with one table of their rules. Other traffic is denied, inbound and outbound. */
export class ServiceFirewall extends Construct {
  readonly loadBalancer: ISecurityGroup;
  readonly tasks: ISecurityGroup;
  readonly database: ISecurityGroup;
  readonly endpoints: ISecurityGroup;
  /** For restored copies of the database; `undefined` if no function checks them. */
  readonly restoredDatabase: ISecurityGroup | undefined;
  readonly functions: ReadonlyMap<FunctionPurpose, ISecurityGroup>;

  constructor(scope: Construct, id: string, props: ServiceFirewallProps) {
    super(scope, id);
    const { vpc, names, ingress, functions } = props;
    const group = (groupId: string, purpose: string, description: string) =>
      new SecurityGroup(this, groupId, {
        vpc,
        description,
        securityGroupName: names.of('security-group', purpose),
        allowAllOutbound: false,
      });
    this.loadBalancer = group('LoadBalancer', 'alb', 'Load balancer: HTTP from its one ingress');
    if (ingress.isInternet) acceptInternet(this.loadBalancer);
    this.tasks = group('Tasks', 'api', 'API tasks and schema migrations');
    this.database = group('Database', 'database', 'Payments database: API tasks only');
    this.endpoints = group('Endpoints', 'endpoint', 'Private endpoints of AWS services');
    const functionGroups = functions.map((each) => ({
      ...each,
      group: group(pascalCase(each.purpose), each.purpose, each.description),
    }));
    this.functions = new Map(functionGroups.map((each) => [each.purpose, each.group]));
    const anywhere = Peer.anyIpv4();
    this.restoredDatabase = functions.some(({ destinations }) => destinations.includes('restored-database'))
      ? group(
          'RestoredDatabase',
          'restored-database',
          'Restored copies of the database: the function that checks them only',
        )
      : undefined;
    const places: Record<FunctionDestination, [to: IPeer | undefined, port: Port]> = {
      database: [this.database, Port.tcp(databasePort)],
      'restored-database': [this.restoredDatabase, Port.tcp(databasePort)],
      'aws-services': [this.endpoints, Port.HTTPS],
      internet: [anywhere, Port.HTTPS],
    };

    const table: readonly Rule[] = [
      [ingress.peer, this.loadBalancer, ingress.port, ingress.description],
      [this.loadBalancer, this.tasks, Port.tcp(containerPort), 'load balancer to API'],
      [this.tasks, this.database, Port.tcp(databasePort), 'API to database'],
      [this.tasks, this.endpoints, Port.HTTPS, 'API to AWS services'],
      [this.tasks, anywhere, Port.HTTPS, 'API to card acquirer, and to buckets through the gateway endpoint'],
      ...functionGroups.flatMap(({ purpose, group: from, destinations: wanted }) =>
        wanted.flatMap((destination): Rule[] => {
          const [to, port] = places[destination];
          return to ? [[from, to, port, `${purpose} to ${destination}`]] : [];
        }),
      ),
    ];
    for (const [from, to, port, why] of table) {
      if (to instanceof SecurityGroup) to.addIngressRule(from, port, why);
      if (from instanceof SecurityGroup) from.addEgressRule(to, port, why);
    }
  }
}

function acceptInternet(group: ISecurityGroup): void {
  acceptFinding(group, {
    rule: 'AwsSolutions-EC23',
    reason: 'The specification requires a public load balancer. Only HTTPS is open.',
    compensatingControl: 'A web ACL protects the load balancer, and only the load balancer may reach the API.',
  });
}
