import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acceptFinding } from '../compliance/accepted-findings';
import { apiRepositoryName } from '../core/api-repository';
import type { ResourceNames } from '../core/resource-names';

/** What the repository is told. */
export interface ImageRepositoryProps {
  readonly names: ResourceNames;
  readonly key: IKey;
}

/**
 * The platform's own repository of API images: encrypted under its key, scanned, immutable, gone with the environment.
 *
 * The CDK CLI publishes the image here instead of into the shared bootstrap repository, which is not encrypted under a customer managed
 * key and keeps images for ever. It does so after it has deployed the stack of the repository: see
 * `JustInTimeSynthesizer`.
 */
export class ImageRepository extends Repository {
  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id, {
      repositoryName: apiRepositoryName(props.names),
      encryption: RepositoryEncryption.KMS,
      encryptionKey: props.key,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      emptyOnDelete: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [{ description: 'Keep what a rollback may need', tagStatus: TagStatus.ANY, maxImageCount: 20 }],
    });
    this.addToResourcePolicy(publishingRoleMayPush());
    acceptFinding(this, {
      rule: 'AwsSolutions-ECR1',
      reason:
        'The rule sees a policy without named principal; naming the role would fail where it has another qualifier.',
      compensatingControl: 'Conditions admit this account and the image publishing role of its CDK bootstrap only.',
    });
  }
}

/** CDK's bootstrap lets its publishing role push into the bootstrap repository only; this adds ours. */
function publishingRoleMayPush(): PolicyStatement {
  return new PolicyStatement({
    sid: 'BootstrapPublishingRole',
    principals: [new AnyPrincipal()],
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImages',
      'ecr:DescribeRepositories',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:ListImages',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
      // By pattern: naming the role as principal fails where the account was bootstrapped with another qualifier.
      ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/cdk-*-image-publishing-role-*` },
    },
  });
}
