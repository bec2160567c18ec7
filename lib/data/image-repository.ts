import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acceptFinding } from '../compliance/accepted-findings';
import { apiRepositoryName } from '../core/api-repository';
import type { ResourceNames } from '../core/resource-names';

export interface ImageRepositoryProps {
  readonly names: ResourceNames;
  readonly key: IKey;
}

/**
 * The ECR repository of API images, with its own key, scan on push and immutable tags. It is deleted with the environment.
 *
 * The CDK CLI publishes images here instead of to the bootstrap repository, which has no customer managed key and keeps images
 * permanently. It does so after the deployment of this stack (`JustInTimeSynthesizer`).
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
      reason: 'The policy names no principal, because a role name fails if the bootstrap has another qualifier.',
      compensatingControl: 'Conditions allow only the image publishing role of the CDK bootstrap in this account.',
    });
  }
}

/** The bootstrap lets its publishing role push only to the bootstrap repository. This statement adds this one. */
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
      // A pattern, because a role name fails if the account was bootstrapped with another qualifier.
      ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/cdk-*-image-publishing-role-*` },
    },
  });
}
