import { dataTier } from '../support/data-tier';
import { TemplateResources, type TemplateStatement } from '../support/template-resources';

const resources = new TemplateResources(dataTier());
const [, repository] = resources.only('AWS::ECR::Repository');

test('encrypts images with a customer managed key, scans them and has immutable tags', () => {
  expect(repository.Properties).toMatchObject({
    RepositoryName: 'api-repository-test1',
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: 'KMS' },
  });
});

test('keeps twenty images and deletes them with the environment', () => {
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

test('lets the bootstrap publishing role push, with any qualifier, and denies deletion and policy changes', () => {
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

test('creates no repository for an existing image', () => {
  const other = dataTier({ imageRepositoryName: 'payments-api', imageTag: '1.0.0' });
  expect(new TemplateResources(other).entries('AWS::ECR::Repository')).toEqual([]);
});
