import { type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A statement of any policy, with what each of them may have. */
export interface TemplateStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** Every resource of a stack by logical id, so that a test can compare all of them instead of looking for one that fits. */
export class TemplateResources {
  readonly template: Template;
  readonly all: Readonly<Record<string, TemplateResource>>;

  constructor(source: Stack | Template) {
    this.template = source instanceof Template ? source : Template.fromStack(source);
    this.all = (this.template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources;
  }

  /** Logical id and resource of everything of one type. */
  entries(type: string): [id: string, resource: TemplateResource][] {
    return Object.entries(this.all).filter(([, { Type }]) => Type === type);
  }

  /** The properties of everything of one type. */
  properties(type: string): TemplateResource['Properties'][] {
    return this.entries(type).map(([, { Properties }]) => Properties);
  }

  /** The only resource of its type. @throws when there is none or more than one */
  only(type: string): [id: string, resource: TemplateResource] {
    const [first, ...others] = this.entries(type);
    if (!first || others.length > 0) throw new Error(`Expected one ${type}, found ${this.entries(type).length}.`);
    return first;
  }

  /** The statements of the managed policies of a role, and of its inline ones. */
  statementsOf(roleName: string): TemplateStatement[] {
    const [roleId] = this.entries('AWS::IAM::Role').find(([, role]) => role.Properties['RoleName'] === roleName) ?? [];
    if (roleId === undefined) throw new Error(`There is no role ${roleName}.`);
    return [...this.properties('AWS::IAM::ManagedPolicy'), ...this.properties('AWS::IAM::Policy')]
      .filter(({ Roles }) => JSON.stringify(Roles ?? []).includes(`{"Ref":"${roleId}"}`))
      .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: TemplateStatement[] }).Statement);
  }
}

/** `{"Ref": id}` and `{"Fn::GetAtt": [id, …]}` both refer to the resource `id`; anything else to nothing. */
export function referenceOf(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return Ref ?? attribute?.[0];
}
