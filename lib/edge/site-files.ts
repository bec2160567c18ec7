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

/** What is published where. */
export interface SiteFilesProps {
  readonly names: ResourceNames;
  readonly bucket: IBucket;
  /** The bucket's key. */
  readonly key: IKey;
  readonly distribution: IDistribution;
  /** The folder with the built console. */
  readonly siteDirectory: string;
  readonly assetMaxAgeDays: number;
  /** What the console reads at start: one build serves every environment. */
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
}

/**
 * Publishes the console: first the files whose names carry a hash of their content, then the page that names them.
 *
 * Files of earlier versions stay, because a browser that is open still asks for them; the bucket forgets replaced versions.
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
        'The wildcard stands behind two buckets: the one that is published to, and that of the deployment’s own assets.',
    });
    // CDK would grant by wildcard; what publishing needs is granted above, action by action.
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
      distributionPaths: ['/', '/index.html', '/config.json'],
      waitForDistributionInvalidation: false,
    });
    pages.node.addDependency(assets);
    acceptProviderFindings(this);
  }
}

/** CDK makes one function for all such deployments of a stack. */
function acceptProviderFindings(scope: Construct): void {
  const providers = Stack.of(scope).node.children.filter(({ node }) =>
    node.id.startsWith('Custom::CDKBucketDeployment'),
  );
  for (const provider of providers) {
    acceptFindings(provider, ['AwsSolutions-L1', 'PCI.DSS.321-LambdaInsideVPC'], {
      reason: 'The function is CDK’s own, with the runtime that CDK tests it with, and reaches S3 and CloudFront only.',
      compensatingControl: 'It runs at deployment only, below the permissions boundary.',
    });
  }
}
