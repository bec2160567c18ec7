import { dataTier } from '../support/data-tier';
import { TemplateResources, type TemplateStatement } from '../support/template-resources';

const resources = new TemplateResources(dataTier());
const [, repository] = resources.only('AWS::ECR::Repository');

test('images are encrypted under a customer managed key, scanned, and never overwritten', () => {
  expect(repository.Properties).toMatchObject({
    RepositoryName: 'api-repository-test1',
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: 'KMS' },
  });
});

test('the last twenty images are kept, and none survives the environment', () => {
  const { LifecyclePolicyText } = repository.Properties['LifecyclePolicy'] as { LifecyclePolicyText: string };
  const { rules } = JSON.parse(LifecyclePolicyText) as { rules: { selection: unknown; action: unknown }[] };
  expect(rules.map(({ selection, action }) => ({ selection, action }))).toEqual([
    {
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 20 },
      action: { type: 'expire' },
    },
  ]);
  expect(repository.Properties['EmptyOnDelete']).toBe(true);
  expect(repository).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test('the publishing role of CDK’s bootstrap may push, whatever its qualifier, and nobody may delete or open it', () => {
  const { Statement } = repository.Properties['RepositoryPolicyText'] as { Statement: TemplateStatement[] };
  const account = { Ref: 'AWS::AccountId' };
  const role = ['arn:', { Ref: 'AWS::Partition' }, ':iam::', account, ':role/cdk-*-image-publishing-role-*'];
  expect(Statement).toEqual([
    {
      Sid: 'BootstrapPublishingRole',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
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
      Condition: {
        StringEquals: { 'aws:PrincipalAccount': account },
        ArnLike: { 'aws:PrincipalArn': { 'Fn::Join': ['', role] } },
      },
    },
  ]);
});

test('no repository is made for an image that exists already', () => {
  const other = dataTier({ imageRepositoryName: 'payments-api', imageTag: '1.0.0' });
  expect(new TemplateResources(other).entries('AWS::ECR::Repository')).toEqual([]);
});
