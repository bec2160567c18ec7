import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

const ID = 'LogKey';

/**
 * Returns the customer managed key for all log groups in the stack of `scope`. Creates it at the first call.
 *
 * Each stack has its own key. A shared key would couple the life cycles of the stacks, and CloudFront's logs are in another region.
 */
export function logKeyOf(scope: IConstruct): IKey {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(ID) as Key | undefined;
  if (existing) return existing;
  const key = new Key(stack, ID, { description: `Encrypts the log groups of ${stack.stackName}` });
  key.addAlias(`alias/${stack.stackName}-logs`);
  // CDK adds no statement for CloudWatch Logs. Without one, creating the log group fails.
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      // Without kms:Describe*, which AWS's example includes: a request to describe a key carries no encryption context.
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${stack.region}:${Aws.ACCOUNT_ID}:*`,
        },
      },
    }),
  );
  return key;
}
