/** The custom resources whose work is done by the deployment steps. */
export const resourceTypes = {
  schemaMigration: 'Custom::SchemaMigration',
  serviceDeployment: 'Custom::EcsDeployment',
} as const;

/** What CloudFormation passes for a schema migration. All values are strings, as CloudFormation makes them. */
export interface SchemaMigrationProperties {
  readonly ClusterArn: string;
  readonly TaskDefinitionArn: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
}

/** What CloudFormation passes for a deployment of the service. */
export interface ServiceDeploymentProperties {
  readonly ClusterArn: string;
  readonly ServiceName: string;
  /** The wanted revision; a new one is what makes CloudFormation ask for a deployment. */
  readonly TaskDefinitionArn: string;
  readonly ContainerName: string;
  readonly ContainerPort: string;
  /** How many tasks the service starts with. */
  readonly InitialTaskCount: string;
  readonly ApplicationName: string;
  readonly DeploymentGroupName: string;
  /** The rule that CodeDeploy moves and CloudFormation may have moved back. */
  readonly ListenerRuleArn: string;
  /** Changes with the listener or its rule, so that they are reconciled after CloudFormation has changed them. */
  readonly TrafficDigest: string;
}

/** How long the first tasks may take to become healthy before the deployment is given up, in minutes. */
export const firstStartMinutes = 15;

/** How long CloudFormation waits for one step at most, in minutes; its own limit is an hour. */
export const stepTimeoutMinutes = 55;
