import type { TemplateResource } from '../template-resources';
import type { SynthesizedStack } from '../test-platform';
import { propertiesOf, type TemplateValues } from './template-values';

/** The kind of a policy, which determines the meaning of its elements. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'endpoint';

/** One statement with every reference resolved and every list a list. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Whether `actions` are those that the statement is not about. */
  readonly excludesActions: boolean;
  readonly resources: readonly string[];
  readonly excludesResources: boolean;
  /** `service:logs.amazonaws.com`, `aws:arn:…`, `*`; empty in identity policies. */
  readonly principals: readonly string[];
  readonly conditions: readonly (readonly [operator: string, key: string, values: readonly string[]])[];
}

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

interface RawStatement extends Readonly<Record<string, unknown>> {
  readonly Effect: 'Allow' | 'Deny';
}

/** The documents within a resolved value, also where one is written as JSON text. */
function documentsIn(value: unknown): RawStatement[][] {
  if (typeof value === 'string' && value.startsWith('{') && value.includes('"Statement"')) {
    return documentsIn(JSON.parse(value));
  }
  if (typeof value !== 'object' || value === null) return [];
  const statements = [(value as { Statement?: unknown }).Statement ?? []].flat() as RawStatement[];
  if (statements.some((each) => typeof each.Effect === 'string')) return [statements];
  return Object.values(value).flatMap(documentsIn);
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

function statementsOf(document: readonly RawStatement[]): Statement[] {
  return document.map((raw) => ({
    sid: raw['Sid'] as string | undefined,
    effect: raw.Effect,
    actions: list(raw['Action'] ?? raw['NotAction']),
    excludesActions: raw['NotAction'] !== undefined,
    resources: list(raw['Resource'] ?? raw['NotResource']),
    excludesResources: raw['NotResource'] !== undefined,
    principals: principalsOf(raw['Principal']),
    conditions: Object.entries((raw['Condition'] ?? {}) as Record<string, Record<string, unknown>>).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, wanted]) => [operator, key, list(wanted)] as const),
    ),
  }));
}

function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  return Object.entries(principal as Record<string, unknown>).flatMap(([type, names]) =>
    list(names).map((name) => (name === '*' ? '*' : `${type.toLowerCase()}:${name}`)),
  );
}

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
