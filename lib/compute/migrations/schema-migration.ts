import { CustomResource } from 'aws-cdk-lib';
import type { ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ResourceNames } from '../../conventions/resource-names';
import type { IPaymentsDatabase } from '../../data/data-resources';
import type { NetworkResources } from '../../network/network-resources';
import { ApiTask } from '../api-task';
import type { DeploymentSteps } from '../deployment/deployment-steps';
import { resourceTypes, type SchemaMigrationProperties } from '../deployment/deployment-steps-contract';
import { GeneratedSecret } from '../generated-secret';
import { migrationEnvironment } from '../task-environment';

/** What migrations are told. */
export interface SchemaMigrationProps {
  readonly names: ResourceNames;
  readonly network: NetworkResources;
  readonly database: IPaymentsDatabase;
  readonly cluster: ICluster;
  readonly image: ContainerImage;
  readonly steps: DeploymentSteps;
  readonly secretsKey: IKey;
}

/**
 * Brings the schema up to what the new image needs, before a task of that image serves a request.
 *
 * A task of the same image, not a function: the database admits tasks only. It alone may read the administrator's credential; the
 * API's own login cannot change the schema.
 */
export class SchemaMigration extends Construct {
  constructor(scope: Construct, id: string, props: SchemaMigrationProps) {
    super(scope, id);
    const { names, network, database, cluster, image, steps, secretsKey } = props;
    const apiKey = new GeneratedSecret(this, 'FirstApiKey', {
      secretName: names.of('secret', 'first-api-key'),
      description: 'The first API key of the payment platform; migrations store its hash',
      key: secretsKey,
      rotation: 'An API key is replaced by issuing another one and revoking this; its holder must take part.',
    });
    const { definition } = new ApiTask(this, 'Task', {
      names,
      purpose: 'migration',
      image,
      cpuUnits: 256,
      memoryMiB: 512,
      command: ['migrate.js'],
      environment: migrationEnvironment(names.suffix, database, apiKey.secretArn),
      logGroup: new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'migration') }),
    });
    database.grantAdminister(definition.taskRole);
    apiKey.grantRead(definition.taskRole);

    const properties: SchemaMigrationProperties = {
      ClusterArn: cluster.clusterArn,
      TaskDefinitionArn: definition.taskDefinitionArn,
      SubnetIds: network.vpc.selectSubnets(network.appSubnets).subnetIds,
      SecurityGroupIds: [network.securityGroups.tasks.securityGroupId],
    };
    const migration = new CustomResource(this, 'Migration', {
      serviceToken: steps.serviceToken,
      resourceType: resourceTypes.schemaMigration,
      properties: { ...properties },
    });
    for (const grantee of steps.grantees) {
      definition.grantRun(grantee);
      const { policyDependable } = grantee.grantPrincipal.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ['ecs:DescribeTasks'],
          resources: ['*'],
          conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
        }),
      );
      if (policyDependable) migration.node.addDependency(policyDependable);
    }
    migration.node.addDependency(definition);
  }
}
