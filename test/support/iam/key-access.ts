import { conditionsHold, requestContext, type RequestContext } from './conditions';
import type { EncryptedThing } from './encrypted-things';
import { globMatches, globsIntersect } from '../../../lib/evidence/access/glob';
import type { Statement } from '../../../lib/evidence/access/statements';
import { testAccount } from './template-values';

/** A user of an encrypted resource: a role with its policies and boundary, or a service principal. */
export interface KeyUser {
  /** `role-api-task-test1`, `cloudwatch.amazonaws.com`. */
  readonly name: string;
  /** As policies name it: `aws:arn:…`, `service:…`. */
  readonly principal: string;
  readonly identity: readonly Statement[];
  /** Statements of the permissions boundary; `undefined` without one. */
  readonly boundary: readonly Statement[] | undefined;
}

/**
 * Whether KMS lets `user` do `action` with the key of `thing`, when the thing's service asks in its name.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function mayUseKey(
  user: KeyUser,
  action: string,
  thing: EncryptedThing,
  keyPolicy: readonly Statement[],
): boolean {
  const isService = user.principal.startsWith('service:');
  const context = contextOf(thing, isService);
  const applying = (statements: readonly Statement[], resource: string) =>
    statements.filter((statement) => isAbout(statement, action, resource) && conditionsHold(statement, context));
  const ofKey = (principals: readonly string[]) =>
    applying(keyPolicy, '*').filter((statement) => statement.principals.some((each) => principals.includes(each)));
  const ofUser = applying(user.identity, thing.keyArn);
  const ofBoundary = user.boundary && applying(user.boundary, thing.keyArn);
  const named = ofKey(isService ? [user.principal] : ['*', user.principal]);
  const denials = [...ofUser, ...named, ...(ofBoundary ?? [])].filter(({ effect }) => effect === 'Deny');
  if (denials.length > 0 || ofBoundary?.length === 0) return false;
  if (named.some(({ effect }) => effect === 'Allow')) return true;
  const delegates = ofKey([`aws:arn:aws:iam::${testAccount}:root`]).length > 0;
  return delegates && ofUser.some(({ effect }) => effect === 'Allow');
}

/** Whether a statement is about the action on the resource, whatever it says. */
export function isAbout(statement: Statement, action: string, resource: string): boolean {
  const names = (patterns: readonly string[], text: string) =>
    patterns.some((pattern) => globMatches(pattern.toLowerCase(), text.toLowerCase()));
  const aboutResource = statement.resources.some((each) => resource === '*' || globsIntersect(each, resource));
  return (
    names(statement.actions, action) !== statement.excludesActions &&
    (statement.resources.length === 0 || aboutResource !== statement.excludesResources)
  );
}

function contextOf({ service, region, encryptionContext }: EncryptedThing, isService: boolean): RequestContext {
  const ofEncryption = Object.entries(encryptionContext).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
  return requestContext({
    ...(Object.fromEntries(ofEncryption) as Record<string, string>),
    'aws:PrincipalAccount': isService ? undefined : testAccount,
    'aws:RequestedRegion': region,
    // Which of its resources a service acts for is the service's to say; here, any in this account.
    'aws:SourceAccount': isService ? testAccount : undefined,
    'aws:SourceArn': isService ? '*' : undefined,
    'kms:CallerAccount': isService ? undefined : testAccount,
    'kms:GrantIsForAWSResource': undefined,
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
  });
}
