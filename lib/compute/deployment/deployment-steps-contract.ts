/** The custom resources whose work is done by the deployment steps. */
export const resourceTypes = {
  schemaMigration: 'Custom::SchemaMigration',
  listenerTraffic: 'Custom::ListenerTraffic',
  serviceDeployment: 'Custom::EcsDeployment',
} as const;

/** What CloudFormation passes for a schema migration. All values are strings, as CloudFormation makes them. */
export interface SchemaMigrationProperties {
  readonly ClusterArn: string;
  readonly TaskDefinitionArn: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
}

/** The service, and where its deployments are found. */
export interface DeployedServiceProperties {
  readonly ClusterArn: string;
  readonly ServiceName: string;
  readonly ApplicationName: string;
  readonly DeploymentGroupName: string;
}

/** What CloudFormation passes after it has changed the listener or its rule. */
export interface ListenerTrafficProperties extends DeployedServiceProperties {
  /** The rule that CodeDeploy moves and CloudFormation puts back to blue. */
  readonly ListenerRuleArn: string;
  /** Changes with the templates of listener and rule. */
  readonly TrafficDigest: string;
  /** Change with what listener and rule refer to. */
  readonly TrafficReferences: readonly string[];
}

/** What CloudFormation passes for a deployment of the service. */
export interface ServiceDeploymentProperties extends DeployedServiceProperties {
  /** The wanted revision; a new one is what makes CloudFormation ask for a deployment. */
  readonly TaskDefinitionArn: string;
  readonly ContainerName: string;
  readonly ContainerPort: string;
  /** How many tasks the service starts with. */
  readonly InitialTaskCount: string;
  readonly ServiceArn: string;
  readonly ListenerRuleArn: string;
  /** The tags of the service and of the listener rule, by key. */
  readonly ProfileTags: Readonly<Record<string, string>>;
}

/** How long the first tasks may take to become healthy before the deployment is given up, in minutes. */
export const firstStartMinutes = 15;

/** How long CloudFormation waits for one step at most, in minutes; its own limit is an hour. */
export const stepTimeoutMinutes = 55;
