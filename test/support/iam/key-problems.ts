import { actionsNamed } from './action-reference';
import { type EncryptedThing, encryptedThings } from './encrypted-things';
import { globsIntersect } from '../../../lib/evidence/access/glob';
import { type KeyUser, mayUseKey } from './key-access';
import { keyNeeds } from './key-needs';
import type { PlatformPolicies } from './platform-policies';
import type { Statement } from '../../../lib/evidence/access/statements';
import { rolesOf } from './roles';

/** Every use of an encrypted resource that KMS would deny: user, action and missing key action. */
export async function keyProblems(policies: PlatformPolicies): Promise<{ checked: number; problems: string[] }> {
  const things = encryptedThings(policies);
  const users = [...rolesAsUsers(policies), ...servicesAsUsers(policies)];
  const uses = await Promise.all(
    users.flatMap(({ user, statements }) =>
      things.map(async (thing) => {
        const needed = await neededKeyActions(statements, thing);
        return needed.map((need) => ({ user, thing, ...need }));
      }),
    ),
  );
  const problems = [...uses.flat(), ...alarmsAsUses(policies, things)]
    .filter(({ user, thing, keyAction }) => !mayUseKey(user, keyAction, thing, keyPolicyOf(policies, thing)))
    .map(
      ({ user, thing, action, keyAction }) => `${user.name}: ${action} on ${thing.where} needs ${keyAction} on its key`,
    );
  return { checked: uses.flat().length, problems: [...new Set(problems)] };
}

interface User {
  readonly user: KeyUser;
  /** The policies that allow the use: those of the user or of the resource. */
  readonly statements: readonly Statement[];
}

function rolesAsUsers(policies: PlatformPolicies): User[] {
  return rolesOf(policies).map(({ name, arn, statements, boundary }) => ({
    user: { name, principal: `aws:${arn}`, identity: statements, boundary },
    statements,
  }));
}

/** Service principals of resource policies: CloudFront for a bucket, EventBridge for a queue. */
function servicesAsUsers({ documents }: PlatformPolicies): User[] {
  const statements = documents.filter(({ kind }) => kind === 'resource').flatMap((document) => document.statements);
  const principals = new Set(
    statements.flatMap((each) => each.principals).filter((each) => each.startsWith('service:')),
  );
  return [...principals].map((principal) => ({
    user: { name: principal.replace(/^service:/, ''), principal, identity: [], boundary: undefined },
    statements: statements.filter((each) => each.principals.includes(principal)),
  }));
}

/** Alarms publish to a topic without a statement of its policy that a template needs; without the key they are dropped silently. */
function alarmsAsUses({ platform, values }: PlatformPolicies, things: readonly EncryptedThing[]) {
  const principal = 'service:cloudwatch.amazonaws.com';
  const user: KeyUser = { name: 'cloudwatch.amazonaws.com', principal, identity: [], boundary: undefined };
  const topics = platform.all.flatMap((stack) =>
    ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
      stack.resources
        .properties(type)
        .flatMap(({ AlarmActions, OKActions }) => [AlarmActions ?? [], OKActions ?? []].flat())
        .map((action) => values.text(stack, action)),
    ),
  );
  return things
    .filter(({ arn }) => topics.includes(arn))
    .flatMap((thing) =>
      (keyNeeds['sns:Publish'] ?? []).map((keyAction) => ({ user, thing, action: 'alarm', keyAction })),
    );
}

/** Key actions that the allowed actions on the resource require. */
async function neededKeyActions(
  statements: readonly Statement[],
  thing: EncryptedThing,
): Promise<{ action: string; keyAction: string }[]> {
  const patterns = statements
    .filter(
      ({ effect, excludesActions, excludesResources }) => effect === 'Allow' && !excludesActions && !excludesResources,
    )
    .filter(({ resources }) => resources.some((each) => globsIntersect(each, thing.arn)))
    .flatMap(({ actions }) => actions)
    .filter((pattern) => pattern.startsWith(`${thing.service}:`));
  const actions = (await Promise.all(patterns.map(actionsNamed))).flat();
  return [...new Set(actions)].flatMap((action) =>
    (keyNeeds[action] ?? []).map((keyAction) => ({ action, keyAction })),
  );
}

/** The statements of the key's policy. @throws when no template has the key */
export function keyPolicyOf({ documents, values }: PlatformPolicies, { keyArn }: EncryptedThing): readonly Statement[] {
  const policy = documents.find(
    ({ stack, logicalId, resource }) => resource.Type === 'AWS::KMS::Key' && values.arnOf(stack, logicalId) === keyArn,
  );
  if (!policy) throw new Error(`There is no key ${keyArn}.`);
  return policy.statements;
}
