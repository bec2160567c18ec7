import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DatabaseLogin } from '../data-resources';

/**
 * Grants connecting to a restored database with IAM database authentication. CloudFormation knows the id of the database before it only,
 * and other stacks import that id.
 *
 * @param resourceId `cluster-…` or `db-…`
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function grantConnectToRestored(
  scope: Construct,
  resourceId: string,
  grantee: IGrantable,
  login: DatabaseLogin,
): void {
  const user = Stack.of(scope).formatArn({
    service: 'rds-db',
    resource: 'dbuser',
    resourceName: `${resourceId}/${login}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  Grant.addToPrincipal({ grantee, actions: ['rds-db:connect'], resourceArns: [user] });
}
