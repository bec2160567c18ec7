import { documentsIn, type RawStatement, type Statement, statementsOf } from '../../../lib/evidence/access/statements';
import type { TemplateResource } from '../template-resources';
import type { SynthesizedStack } from '../test-platform';
import { propertiesOf, type TemplateValues } from './template-values';

/** The kind of a policy, which determines the meaning of its elements. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'endpoint';

/** One policy of one resource. */
export interface PolicyDocument {
  readonly kind: PolicyKind;
  readonly stack: SynthesizedStack;
  readonly logicalId: string;
  readonly resource: TemplateResource;
  readonly statements: readonly Statement[];
}

/** The path of each kind of policy. A policy in another place is an error, so that none is missed. */
const kinds: Readonly<Record<string, PolicyKind>> = {
  'AWS::IAM::ManagedPolicy.PolicyDocument': 'identity',
  'AWS::IAM::Policy.PolicyDocument': 'identity',
  'AWS::IAM::Role.Policies': 'identity',
  'AWS::IAM::Role.AssumeRolePolicyDocument': 'trust',
  'AWS::EC2::VPCEndpoint.PolicyDocument': 'endpoint',
  'AWS::ApiGateway::RestApi.Policy': 'resource',
  'AWS::ECR::Repository.RepositoryPolicyText': 'resource',
  'AWS::KMS::Key.KeyPolicy': 'resource',
  'AWS::Logs::ResourcePolicy.PolicyDocument': 'resource',
  'AWS::S3::BucketPolicy.PolicyDocument': 'resource',
  'AWS::SNS::TopicPolicy.PolicyDocument': 'resource',
  'AWS::SQS::QueuePolicy.PolicyDocument': 'resource',
  'AWS::SecretsManager::ResourcePolicy.ResourcePolicy': 'resource',
};

/** Every policy document of a stack, wherever it is. @throws where a policy is in a place that is not known */
export function policyDocuments(stack: SynthesizedStack, values: TemplateValues): PolicyDocument[] {
  return Object.entries(stack.resources.all).flatMap(([logicalId, resource]) => [
    ...Object.entries(propertiesOf(resource)).flatMap(([property, value]) => {
      if (!JSON.stringify(value).includes('Statement')) return [];
      const documents = documentsIn(values.resolve(stack, value));
      if (documents.length === 0) return [];
      const kind = kinds[`${resource.Type}.${property}`];
      if (!kind) throw new Error(`${resource.Type}.${property} of ${logicalId} holds a policy; say of which kind.`);
      return documents.map((document) => ({ kind, stack, logicalId, resource, statements: statementsOf(document) }));
    }),
    ...permissionOf(stack, logicalId, resource, values),
  ]);
}

/** `AWS::Lambda::Permission` is a statement of the function's resource policy. */
function permissionOf(
  stack: SynthesizedStack,
  logicalId: string,
  resource: TemplateResource,
  values: TemplateValues,
): PolicyDocument[] {
  if (resource.Type !== 'AWS::Lambda::Permission') return [];
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = values.resolve(
    stack,
    resource.Properties,
  ) as Record<string, string | undefined>;
  const statement: RawStatement = {
    Effect: 'Allow',
    Principal: { Service: Principal },
    Action,
    Resource: FunctionName,
    Condition: {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  };
  return [{ kind: 'resource', stack, logicalId, resource, statements: statementsOf([statement]) }];
}
