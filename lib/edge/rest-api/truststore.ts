import { Aws, CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { CustomResourceProvider } from '../../constructs/custom-resource-provider';
import { HandlerFunction } from '../../constructs/handler-function';
import type { ResourceNames } from '../../core/resource-names';

/** What CloudFormation passes to the handler. */
export interface TruststoreProperties {
  readonly SourceBucket: string;
  /** Changes with the content. */
  readonly SourceKey: string;
  readonly Bucket: string;
  readonly Key: string;
}

/** What the truststore is told. */
export interface TruststoreProps {
  readonly names: ResourceNames;
  /** PEM bundle of the certificate authorities whose clients are admitted. */
  readonly path: string;
}

/**
 * The certificate authorities of clients, where API Gateway reads them: in a bucket that keeps versions.
 *
 * API Gateway reads an object once and again only when it is told of another version, so each change of the file becomes a version that the
 * domain name refers to. The bucket of CDK's assets has no versions of its own that a template could name.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export class Truststore extends Construct {
  readonly bucket: IBucket;
  readonly key = 'truststore.pem';
  readonly version: string;

  constructor(scope: Construct, id: string, props: TruststoreProps) {
    super(scope, id);
    const { names, path } = props;
    const encryptionKey = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'truststore')}`,
      description: 'Encrypts the truststore of client certificates',
    });
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: `${names.of('bucket', 'truststore')}-${Aws.ACCOUNT_ID}`,
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      versioned: true,
      lifecycleRules: [{ id: 'forget-replaced-files', noncurrentVersionExpiration: Duration.days(365) }],
    });
    acceptFindings(
      bucket,
      ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled', 'PCI.DSS.321-S3BucketReplicationEnabled'],
      {
        reason: 'It holds one file of public certificates, which only a deployment writes and only API Gateway reads.',
        compensatingControl: 'One deployment restores it; versions keep what was trusted before.',
      },
    );
    const asset = new Asset(this, 'File', { path });
    const publisher = new HandlerFunction(this, 'Publisher', {
      names,
      purpose: 'truststore',
      description: 'Publishes the truststore of client certificates',
      source: 'edge/rest-api/truststore.lambda.ts',
    });
    const allow = (actions: string[], resource: string) => {
      publisher.function.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
    };
    allow(['s3:GetObject'], asset.bucket.arnForObjects(asset.s3ObjectKey));
    allow(['s3:PutObject'], bucket.arnForObjects(this.key));
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], encryptionKey.keyArn);
    const { serviceToken } = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'truststore-provider'),
      onEvent: publisher.function,
    });
    const properties: TruststoreProperties = {
      SourceBucket: asset.s3BucketName,
      SourceKey: asset.s3ObjectKey,
      Bucket: bucket.bucketName,
      Key: this.key,
    };
    const published = new CustomResource(this, 'Published', {
      serviceToken,
      resourceType: 'Custom::Truststore',
      properties: { ...properties },
    });
    published.node.addDependency(publisher);
    this.bucket = bucket;
    this.version = published.getAttString('VersionId');
  }
}
