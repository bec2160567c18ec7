import type { Assembly, AssemblyResource } from '../assembly';
import { isRecord, type Reference, textOf } from '../values';

/**
 * Formats of ARNs by resource type. Other types get one of the same shape, which only references can match.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const formats: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'arn:aws:apigateway:REGION::/restapis/NAME',
  'AWS::CloudFront::Distribution': 'arn:aws:cloudfront::ACCOUNT:distribution/NAME',
  'AWS::DynamoDB::Table': 'arn:aws:dynamodb:REGION:ACCOUNT:table/NAME',
  'AWS::ECR::Repository': 'arn:aws:ecr:REGION:ACCOUNT:repository/NAME',
  'AWS::ECS::Cluster': 'arn:aws:ecs:REGION:ACCOUNT:cluster/NAME',
  'AWS::ECS::Service': 'arn:aws:ecs:REGION:ACCOUNT:service/NAME',
  'AWS::ECS::TaskDefinition': 'arn:aws:ecs:REGION:ACCOUNT:task-definition/NAME:1',
  'AWS::IAM::ManagedPolicy': 'arn:aws:iam::ACCOUNT:policy/NAME',
  'AWS::IAM::Role': 'arn:aws:iam::ACCOUNT:role/NAME',
  'AWS::IAM::User': 'arn:aws:iam::ACCOUNT:user/NAME',
  'AWS::KMS::Key': 'arn:aws:kms:REGION:ACCOUNT:key/NAME',
  'AWS::Lambda::Function': 'arn:aws:lambda:REGION:ACCOUNT:function:NAME',
  'AWS::Logs::LogGroup': 'arn:aws:logs:REGION:ACCOUNT:log-group:NAME',
  'AWS::RDS::DBCluster': 'arn:aws:rds:REGION:ACCOUNT:cluster:NAME',
  'AWS::RDS::DBInstance': 'arn:aws:rds:REGION:ACCOUNT:db:NAME',
  'AWS::S3::Bucket': 'arn:aws:s3:::NAME',
  'AWS::SNS::Topic': 'arn:aws:sns:REGION:ACCOUNT:NAME',
  'AWS::SQS::Queue': 'arn:aws:sqs:REGION:ACCOUNT:NAME',
  // Secrets Manager adds six random characters.
  'AWS::SecretsManager::Secret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbCdEf',
  'AWS::StepFunctions::StateMachine': 'arn:aws:states:REGION:ACCOUNT:stateMachine:NAME',
};

/** Types whose `Ref` is their ARN. */
const refIsArn =
  /^AWS::(ECS::(Service|TaskDefinition)|ElasticLoadBalancingV2::\w+|IAM::ManagedPolicy|SNS::Topic|SecretsManager::Secret|StepFunctions::StateMachine|WAFv2::\w+)$/;

/** The properties that give a resource its name, in the order of preference. */
const namesOf = ({ type }: AssemblyResource) => {
  const shortType = type.split('::').at(-1) ?? '';
  return [`${shortType}Name`, `${shortType}Identifier`, 'Name', 'Family'];
};

/** The names and ARNs that an assembly's resources have once they are deployed; ids that AWS assigns are logical ids. */
export class Arns {
  readonly #assembly: Assembly;

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
  }

  /** The account that a resource is in, as the assembly names it. */
  accountOf({ stack }: AssemblyResource): string {
    return this.#assembly.stacks.find(({ id }) => id === stack)?.account ?? '';
  }

  arnOf(resource: AssemblyResource): string {
    const [, service = '', kind = ''] = resource.type.split('::');
    const format =
      formats[resource.type] ??
      `arn:aws:${service.toLowerCase().replace(/v2$/, '')}:REGION:ACCOUNT:${kind.toLowerCase()}/NAME`;
    return format
      .replace('REGION', resource.region)
      .replace('ACCOUNT', this.accountOf(resource))
      .replace('NAME', this.nameOf(resource));
  }

  /** The secret in which RDS manages a master password. */
  masterSecretOf(database: AssemblyResource): string {
    return `arn:aws:secretsmanager:${database.region}:${this.accountOf(database)}:secret:rds!${database.logicalId}-AbCdEf`;
  }

  nameOf(resource: AssemblyResource): string {
    const given = namesOf(resource)
      .map((property) => resource.properties[property])
      .find((value) => value !== undefined);
    return given === undefined ? resource.logicalId : this.text(given);
  }

  /** The value as text. What only a deployment knows may be anything: `*`. */
  text(value: unknown): string {
    return textOf(value, (reference) => this.#referenceText(reference)).replaceAll(/\([^()]*\)/g, '*');
  }

  /** The value with every text resolved. */
  texts(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.texts(each));
    if (!isRecord(value)) return typeof value === 'object' && value !== null ? this.text(value) : value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.texts(each)]));
  }

  #referenceText({ target, attribute }: Reference): string {
    const resource = this.#assembly.get(target);
    if (attribute === 'MasterUserSecret.SecretArn') return this.masterSecretOf(resource);
    if (resource.type === 'AWS::SecretsManager::SecretTargetAttachment')
      return this.text(resource.properties['SecretId']);
    if (attribute === 'Ref') return refIsArn.test(resource.type) ? this.arnOf(resource) : this.nameOf(resource);
    // CloudFormation returns the ARN of a log group with the suffix that stands for its streams.
    if (attribute === 'Arn') return this.arnOf(resource) + (resource.type === 'AWS::Logs::LogGroup' ? ':*' : '');
    if (/^(AWS::CloudFormation::CustomResource|Custom::)/.test(resource.type)) return '*';
    return /arn$/i.test(attribute) ? this.arnOf(resource) : `${resource.logicalId}.${attribute}`;
  }
}
