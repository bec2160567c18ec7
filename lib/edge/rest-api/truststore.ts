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

/** The resource properties that CloudFormation passes to the handler. */
export interface TruststoreProperties {
  readonly SourceBucket: string;
  /** The key of the asset, which changes with its content. */
  readonly SourceKey: string;
  readonly Bucket: string;
  readonly Key: string;
}

export interface TruststoreProps {
  readonly names: ResourceNames;
  /** Path of a PEM bundle of trusted certificate authorities. */
  readonly path: string;
}

/**
 * The truststore for mutual TLS, in a versioned bucket.
 *
 * API Gateway reads the object again only if the domain name refers to another version, so each change of the file creates one. A template
 * cannot refer to a version in the bucket of CDK's assets.
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
        reason: 'It contains one file of public certificates, which only deployments write and only API Gateway reads.',
        compensatingControl: 'A deployment restores the file, and earlier versions are kept.',
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
