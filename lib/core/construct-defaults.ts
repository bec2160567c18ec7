import { Duration, type InjectionContext, type IPropertyInjector, RemovalPolicy } from 'aws-cdk-lib';
import { Key, type KeyProps } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type LogGroupProps, LogStream, type LogStreamProps, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { DeploymentProfile } from '../config/deployment-profile';
import { logKeyOf } from './log-key';
import { FunctionDefaults, type FunctionVpcConfig } from './function-defaults';

/** Every customer managed key rotates yearly and has the shortest waiting period that KMS allows for deletion. */
class KeyDefaults implements IPropertyInjector {
  readonly constructUniqueId = Key.PROPERTY_INJECTION_ID;

  inject(props: KeyProps): KeyProps {
    return {
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
    };
  }
}

/** Every log group has the retention of the profile and the log key of its stack, including those that CDK creates implicitly. */
class LogGroupDefaults implements IPropertyInjector {
  readonly constructUniqueId = LogGroup.PROPERTY_INJECTION_ID;
  readonly #retention: RetentionDays;

  constructor(retention: RetentionDays) {
    this.#retention = retention;
  }

  inject(props: LogGroupProps, { scope }: InjectionContext): LogGroupProps {
    return {
      ...props,
      retention: this.#retention,
      encryptionKey: logKeyOf(scope),
      removalPolicy: RemovalPolicy.DESTROY,
    };
  }
}

/** A log stream that CDK creates implicitly is deleted with its stack. */
class LogStreamDefaults implements IPropertyInjector {
  readonly constructUniqueId = LogStream.PROPERTY_INJECTION_ID;

  inject(props: LogStreamProps): LogStreamProps {
    return { ...props, removalPolicy: RemovalPolicy.DESTROY };
  }
}

/** Every bucket is private, requires TLS, and is emptied when its stack is deleted. */
class BucketDefaults implements IPropertyInjector {
  readonly constructUniqueId = Bucket.PROPERTY_INJECTION_ID;

  inject(props: BucketProps): BucketProps {
    return {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
      ...props,
    };
  }
}

/** Property injectors with the defaults of every construct in a platform stack. */
export function constructDefaults(
  { logRetentionDays, tracing }: DeploymentProfile['observability'],
  functionVpcConfig: FunctionVpcConfig | undefined,
): IPropertyInjector[] {
  return [
    new KeyDefaults(),
    new LogGroupDefaults(logRetentionDays),
    new LogStreamDefaults(),
    new BucketDefaults(),
    new FunctionDefaults({ isTraced: tracing !== undefined, place: functionVpcConfig }),
  ];
}
