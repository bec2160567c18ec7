import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../config/configuration-error';
import type { WebAclConfig } from '../config/deployment-profile';
import { assertNever } from '../conventions/assert-never';
import { WebAcl, type WebAclProps } from './web-acl';

/** The one place that knows which construct serves which form of web ACL. */
export function createWebAcl(
  scope: Construct,
  id: string,
  config: WebAclConfig,
  props: Pick<WebAclProps, 'names' | 'scope' | 'purpose'>,
): WebAcl {
  const { form, requestsPerAddressPerFiveMinutes } = config;
  switch (form) {
    case 'rules':
      return new WebAcl(scope, id, { ...props, requestsPerAddressPerFiveMinutes });
    case 'rule-groups':
      throw new UnbuiltVariantError('webAcl.form', form, ['rules']);
    default:
      return assertNever(form);
  }
}
