import { CustomResource } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CustomResourceProvider } from '../constructs/custom-resource-provider';
import { HandlerFunction } from '../constructs/handler-function';
import type { ResourceNames } from '../core/resource-names';

/** The resource properties that CloudFormation passes to the handler. */
export interface OriginSecretProperties {
  readonly SecretArn: string;
}

export interface OriginSecretValueProps {
  readonly names: ResourceNames;
  readonly secret: ISecret;
}

/**
 * The value of a secret in the home region, for a property of CloudFront.
 *
 * A dynamic reference works only within its region, and a replica would need a key that exists only after this stack. The value is read at
 * creation and when another secret replaces this one.
 */
export class OriginSecretValue extends Construct {
  /** A reference. No template and no stack event contains the value. */
  readonly value: string;

  constructor(scope: Construct, id: string, props: OriginSecretValueProps) {
    super(scope, id);
    const { names, secret } = props;
    const reader = new HandlerFunction(this, 'Reader', {
      names,
      purpose: 'origin-secret',
      description: 'Reads the origin secret of the home region for CloudFront',
      source: 'edge/origin-secret.lambda.ts',
    });
    secret.grantRead(reader.function);
    const provider = new CustomResourceProvider(this, 'Provider', {
      functionName: names.of('function', 'origin-secret-provider'),
      onEvent: reader.function,
    });
    const properties: OriginSecretProperties = { SecretArn: secret.secretArn };
    const resource = new CustomResource(this, 'Value', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::OriginSecretValue',
      properties: { ...properties },
    });
    resource.node.addDependency(reader);
    this.value = resource.getAttString('Value');
  }
}
