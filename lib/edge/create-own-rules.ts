import type { Construct } from 'constructs';
import type { WebAclConfig } from '../config/deployment-profile';
import { assertNever } from '../core/assert-never';
import { OwaspRuleGroups, type OwaspRuleGroupsProps } from './owasp-rule-groups';
import { injectionRules, type WebAclRule } from './web-acl-rules';

/** Creates the custom rules of a web ACL, inline or in rule groups. */
export function createOwnRules(
  scope: Construct,
  id: string,
  form: WebAclConfig['form'],
  props: OwaspRuleGroupsProps,
): readonly WebAclRule[] {
  switch (form) {
    case 'rules':
      return injectionRules;
    case 'rule-groups':
      return new OwaspRuleGroups(scope, id, props).rules;
    default:
      return assertNever(form);
  }
}
