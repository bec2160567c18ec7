import { Duration, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../compliance/accepted-findings';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';

export interface SiteFilesProps {
  readonly names: ResourceNames;
  readonly bucket: IBucket;
  /** The KMS key of the bucket. */
  readonly key: IKey;
  readonly distribution: IDistribution;
  /** The directory of the built console. */
  readonly siteDirectory: string;
  readonly assetMaxAgeDays: number;
  /** The content of `config.json`, which the console reads at start, so that one build serves every environment. */
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
}

/**
 * Publishes the console: first the files with a content hash in their names, then the page that references them.
 *
 * Files of earlier versions remain, because open browsers may still request them. The bucket deletes replaced versions.
 */
export class SiteFiles extends Construct {
  constructor(scope: Construct, id: string, props: SiteFilesProps) {
    super(scope, id);
    const { names, bucket, key, distribution, siteDirectory, assetMaxAgeDays, runtimeConfiguration } = props;
    const role = new PlatformRole(this, 'Role', {
      names,
      purpose: 'site-files',
      description: 'Publishes the files of the merchant console',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: `/aws/lambda/${names.of('function', 'site-files')}`,
    });
    logGroup.grants.write(role);
    const siteAsset = new Asset(this, 'Site', { path: siteDirectory });
    const published = bucket.arnForObjects('*');
    const source = siteAsset.bucket.arnForObjects('*');
    const allow = (actions: string[], resources: string[]) => {
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [bucket.bucketArn, siteAsset.bucket.bucketArn]);
    allow(['s3:GetObject'], [source, published]);
    allow(['s3:PutObject'], [published]);
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
    allow(['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'], [distribution.distributionArn]);
    acceptFindings(this, [wildcardResource(this, source), wildcardResource(this, published)], {
      reason: 'The names of the files change with their content.',
      compensatingControl:
        'The wildcard is limited to the bucket of the console and the bucket of the deployment’s assets.',
    });
    // CDK's own grants use wildcard actions. The statements above grant the required ones.
    const publishing = {
      destinationBucket: bucket,
      role: role.withoutPolicyUpdates(),
      logGroup,
      memoryLimit: 512,
      prune: false,
    };
    const site = Source.bucket(siteAsset.bucket, siteAsset.s3ObjectKey);
    const assets = new BucketDeployment(this, 'Assets', {
      ...publishing,
      sources: [site],
      exclude: ['*'],
      include: ['assets/*'],
      cacheControl: [
        CacheControl.setPublic(),
        CacheControl.maxAge(Duration.days(assetMaxAgeDays)),
        CacheControl.immutable(),
      ],
    });
    const pages = new BucketDeployment(this, 'Pages', {
      ...publishing,
      sources: [site, Source.jsonData('config.json', runtimeConfiguration)],
      exclude: ['assets/*'],
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ['/', '/index.html', '/config.json', '/reference.html', '/problems/*'],
      waitForDistributionInvalidation: false,
    });
    pages.node.addDependency(assets);
    acceptProviderFindings(this);
  }
}

/** CDK creates one function for all bucket deployments of a stack. */
function acceptProviderFindings(scope: Construct): void {
  const providers = Stack.of(scope).node.children.filter(({ node }) =>
    node.id.startsWith('Custom::CDKBucketDeployment'),
  );
  for (const provider of providers) {
    acceptFindings(provider, ['AwsSolutions-L1', 'PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The function is part of CDK, which chooses its runtime, and only calls S3 and CloudFront.',
      compensatingControl: 'It runs only during deployments, and the permissions boundary applies.',
    });
  }
}
