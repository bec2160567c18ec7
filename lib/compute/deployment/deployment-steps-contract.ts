/** The resource types of the deployment steps. */
export const resourceTypes = {
  schemaMigration: 'Custom::SchemaMigration',
  listenerTraffic: 'Custom::ListenerTraffic',
  serviceDeployment: 'Custom::EcsDeployment',
} as const;

/** Resource properties of a schema migration. CloudFormation converts all values to strings. */
export interface SchemaMigrationProperties {
  readonly ClusterArn: string;
  readonly TaskDefinitionArn: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
}

/** The service and its deployment group. */
export interface DeployedServiceProperties {
  readonly ClusterArn: string;
  readonly ServiceName: string;
  readonly ApplicationName: string;
  readonly DeploymentGroupName: string;
}

/** Resource properties of the step after updates of listener and rule. */
export interface ListenerTrafficProperties extends DeployedServiceProperties {
  /** The rule that CodeDeploy changes and CloudFormation resets to blue. */
  readonly ListenerRuleArn: string;
  /** Digest of the templates of listener and rule. */
  readonly TrafficDigest: string;
  /** Resolved references of listener and rule. */
  readonly TrafficReferences: readonly string[];
}

/** Resource properties of the traffic step where ECS shifts the traffic. */
export interface EcsListenerTrafficProperties extends Pick<DeployedServiceProperties, 'ClusterArn' | 'ServiceName'> {
  /** The rule that ECS weighs and CloudFormation resets to blue. */
  readonly ListenerRuleArn: string;
  /** Blue and green. */
  readonly TargetGroupArns: readonly string[];
  /** Changes with the templates of listener and rule. */
  readonly TrafficDigest: string;
  /** Change with what listener and rule refer to. */
  readonly TrafficReferences: readonly string[];
}

/** Resource properties of a deployment of the service. */
export interface ServiceDeploymentProperties extends DeployedServiceProperties {
  /** The revision to deploy. A new one makes CloudFormation update the custom resource. */
  readonly TaskDefinitionArn: string;
  readonly ContainerName: string;
  readonly ContainerPort: string;
  /** Number of tasks at the first start. */
  readonly InitialTaskCount: string;
  readonly ServiceArn: string;
  readonly ListenerRuleArn: string;
  /** The tags of the service and of the listener rule, by key. */
  readonly ProfileTags: Readonly<Record<string, string>>;
}

/** Timeout until the first tasks are healthy, in minutes. */
export const firstStartMinutes = 15;

/** Timeout of a step, in minutes, below CloudFormation's limit of one hour. */
export const stepTimeoutMinutes = 55;
