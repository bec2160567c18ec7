import type { EncryptedThing } from '../support/iam/encrypted-things';
import { type KeyUser, mayUseKey } from '../support/iam/key-access';
import type { Statement } from '../../lib/evidence/access/statements';
import { testAccount } from '../support/iam/template-values';

const keyArn = `arn:aws:kms:eu-south-2:${testAccount}:key/secrets`;
const secret: EncryptedThing = {
  where: 'data.Secret',
  service: 'secretsmanager',
  region: 'eu-south-2',
  arn: `arn:aws:secretsmanager:eu-south-2:${testAccount}:secret:a-AbCdEf`,
  keyArn,
  encryptionContext: { SecretARN: `arn:aws:secretsmanager:eu-south-2:${testAccount}:secret:a-AbCdEf` },
};

const role = `aws:arn:aws:iam::${testAccount}:role/task`;
const root = `aws:arn:aws:iam::${testAccount}:root`;
const through = (service: string): Statement['conditions'] => [['StringEquals', 'kms:ViaService', [service]]];

const statement = (changed: Partial<Statement>): Statement => ({
  sid: undefined,
  effect: 'Allow',
  actions: ['kms:Decrypt'],
  excludesActions: false,
  resources: ['*'],
  excludesResources: false,
  principals: [],
  conditions: [],
  ...changed,
});
const delegation = statement({ actions: ['kms:*'], principals: [root] });
const ownGrant = statement({ resources: [keyArn] });
const deny = statement({ effect: 'Deny', actions: ['kms:*'] });
const everyone = (service: string) => statement({ principals: ['*'], conditions: through(service) });

const user = (changed: Partial<KeyUser> = {}): KeyUser => ({
  name: 'task',
  principal: role,
  identity: [ownGrant],
  boundary: undefined,
  ...changed,
});

test.each<[string, KeyUser, Statement[], boolean]>([
  ['a grant of the role, where the key delegates to the account', user(), [delegation], true],
  ['a grant of the role alone', user(), [], false],
  ['a delegation alone', user({ identity: [] }), [delegation], false],
  ['a grant on another key', user({ identity: [statement({ resources: [`${keyArn}2`] })] }), [delegation], false],
  ['a key policy that names the role', user({ identity: [] }), [statement({ principals: [role] })], true],
  ['a key policy that names another role', user({ identity: [] }), [statement({ principals: [`${role}2`] })], false],
  ['everyone through the service', user({ identity: [] }), [everyone('secretsmanager.eu-south-2.amazonaws.com')], true],
  ['everyone through another service', user({ identity: [] }), [everyone('s3.eu-south-2.amazonaws.com')], false],
  ['everyone in another region', user({ identity: [] }), [everyone('secretsmanager.us-east-1.amazonaws.com')], false],
  ['an explicit denial of the role', user({ identity: [ownGrant, deny] }), [delegation], false],
  ['an explicit denial of the key', user(), [delegation, { ...deny, principals: ['*'] }], false],
  ['a boundary that denies', user({ boundary: [statement({ actions: ['*'] }), deny] }), [delegation], false],
  ['a boundary that does not allow', user({ boundary: [statement({ actions: ['s3:*'] })] }), [delegation], false],
  ['a boundary that allows', user({ boundary: [statement({ actions: ['*'] })] }), [delegation], true],
  [
    'a grant for another secret',
    user({ identity: [statement({ conditions: [['StringEquals', 'kms:EncryptionContext:SecretARN', ['b']]] })] }),
    [delegation],
    false,
  ],
])('%s', (_name, subject, keyPolicy, expected) => {
  expect(mayUseKey(subject, 'kms:Decrypt', secret, keyPolicy)).toBe(expected);
});

test('throws for an unknown condition', () => {
  const unknown = statement({ principals: ['*'], conditions: [['StringEquals', 'aws:PrincipalTag/team', ['a']]] });
  expect(() => mayUseKey(user(), 'kms:Decrypt', secret, [unknown])).toThrow('aws:PrincipalTag/team');
});
