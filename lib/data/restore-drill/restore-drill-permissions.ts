import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RestorableCluster } from '../data-resources';

/** Names of the clusters and the state machine of a drill. */
export interface RestoreDrillNames {
  readonly source: RestorableCluster;
  readonly restoredCluster: string;
  readonly restoredInstance: string;
  readonly stateMachine: string;
}

/**
 * Permissions of the drill functions, limited to the two names of the copy as far as RDS supports it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export function restoreDrillPermissions(scope: Construct, names: RestoreDrillNames, key: IKey) {
  const stack = Stack.of(scope);
  const { source, restoredCluster, restoredInstance, stateMachine } = names;
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const cluster = arn('rds', 'cluster', restoredCluster);
  const instance = arn('rds', 'db', restoredInstance);
  const sourceCluster = arn('rds', 'cluster', source.clusterIdentifier);
  const anySnapshot = arn('rds', 'cluster-snapshot', '*');
  const sourceSnapshots = arn('rds', 'cluster-snapshot', `rds:${source.clusterIdentifier}-*`);
  const subnetGroup = arn('rds', 'subgrp', source.subnetGroupName);
  const clusterParameters = arn('rds', 'cluster-pg', source.parameterGroupName);
  // Every cluster and instance has these groups, even if the request does not name them.
  const defaults = [arn('rds', 'og', 'default:aurora-postgresql-*'), arn('rds', 'pg', 'default.aurora-postgresql*')];
  const executions = arn('states', 'execution', `${stateMachine}:*`);
  const stateMachineArn = arn('states', 'stateMachine', stateMachine);
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });

  const remove = [
    allow(['rds:DescribeDBClusters', 'rds:DeleteDBCluster'], cluster),
    allow(['rds:DescribeDBInstances', 'rds:DeleteDBInstance'], instance),
  ];
  const throughRds = { StringEquals: { 'kms:ViaService': `rds.${stack.region}.amazonaws.com` } };
  return {
    stateMachineArn,
    /** Finding a snapshot, restoring it and deleting the copy. */
    steps: [
      ...remove,
      allow(['rds:DescribeDBClusters'], sourceCluster),
      allow(['rds:DescribeDBClusterSnapshots'], sourceCluster, anySnapshot),
      allow(
        ['rds:RestoreDBClusterFromSnapshot'],
        cluster,
        sourceSnapshots,
        subnetGroup,
        clusterParameters,
        ...defaults,
      ),
      allow(['rds:CreateDBInstance'], cluster, instance, subnetGroup, ...defaults),
      allow(['rds:AddTagsToResource'], cluster, instance),
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources: [key.keyArn],
        conditions: { ...throughRds, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
      new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [key.keyArn], conditions: throughRds }),
      allow(['states:ListExecutions'], stateMachineArn),
    ],
    /** The resources with wildcards. */
    patternsOfSteps: [anySnapshot, sourceSnapshots, ...defaults],
    begin: [allow(['states:StartExecution'], stateMachineArn)],
    end: [...remove, allow(['states:ListExecutions'], stateMachineArn), allow(['states:StopExecution'], executions)],
    patternsOfEnd: [executions],
  };
}
