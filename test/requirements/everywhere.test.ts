import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { propertiesOf } from '../support/iam/template-values';
import { isNameless, shownNameOf } from '../support/resource-naming';
import { referenceOf, type TemplateResource, type TemplateStatement } from '../support/template-resources';
import { testSettings } from '../support/test-app';
import { testPlatform } from '../support/test-platform';

/* What holds for every resource of every tier (ALL-1 to ALL-5). */

/** Tags are a list of keys and values for most resource types, and an object for the others. */
const tagsOf = (tags: unknown) =>
  Array.isArray(tags)
    ? Object.fromEntries((tags as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value]))
    : tags;

describe.each(builtProfiles)('%s', (profile) => {
  const { all: stacks } = testPlatform({ ...profileContexts[profile], allowDestroy: 'true' });
  const resources: [place: string, resource: TemplateResource, all: Readonly<Record<string, TemplateResource>>][] =
    stacks.flatMap(({ tier, resources: { all } }) =>
      Object.entries(all).map(
        ([id, resource]) =>
          [`${tier}/${id}`, resource, all] as [string, TemplateResource, Readonly<Record<string, TemplateResource>>],
      ),
    );
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const text = JSON.stringify(stacks.map((each) => each.resources.template.toJSON()));

  /** Every statement of every policy, with its resource. */
  const statements = resources.flatMap(([place, { Properties }]) => {
    const documents = [
      Properties['PolicyDocument'],
      ...((Properties['Policies'] as { PolicyDocument: unknown }[] | undefined) ?? []).map(
        ({ PolicyDocument }) => PolicyDocument,
      ),
    ] as ({ Statement: TemplateStatement[] } | undefined)[];
    return documents.flatMap((document) => document?.Statement ?? []).map((statement) => [place, statement] as const);
  });

  test('ALL-1: every resource name or tag contains the environment suffix', () => {
    const silent = resources
      .filter(([, { Type }]) => !isNameless(Type))
      .filter(([, resource]) => !shownNameOf(resource).includes('test1'))
      .map(([place, { Type }]) => `${place} (${Type})`);
    expect(silent).toEqual([]);
  });

  test('every resource with tags has those of the profile, but for the two that the deployment step tags', () => {
    const { tags } = testSettings(profileContexts[profile]).profile;
    const taggedByStep = ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule'];
    const tagged = resources.filter(
      ([, resource]) => 'Tags' in propertiesOf(resource) && !taggedByStep.includes(resource.Type),
    );
    expect(tagged.length).toBeGreaterThan(60);
    for (const [place, { Properties }] of tagged)
      expect([place, tagsOf(Properties['Tags'])]).toEqual([place, expect.objectContaining(tags)]);
  });

  describe('ALL-2: nothing remains after cdk destroy', () => {
    test('retains no resource and no snapshot', () => {
      const kept = resources.filter(
        ([, { DeletionPolicy, UpdateReplacePolicy }]) =>
          ![undefined, 'Delete'].includes(DeletionPolicy) || ![undefined, 'Delete'].includes(UpdateReplacePolicy),
      );
      expect(kept.map(([place]) => place)).toEqual([]);
    });

    test('sets a deletion policy where CloudFormation retains by default', () => {
      const kinds = [
        'AWS::RDS::DBCluster',
        'AWS::RDS::DBInstance',
        'AWS::S3::Bucket',
        'AWS::KMS::Key',
        'AWS::Logs::LogGroup',
      ];
      for (const type of kinds) {
        for (const [place, { DeletionPolicy }] of ofType(type))
          expect([place, DeletionPolicy]).toEqual([place, 'Delete']);
      }
    });

    test('empties buckets and repositories automatically', () => {
      const emptied = ofType('Custom::S3AutoDeleteObjects').map(
        ([, { Properties }, all]) => all[referenceOf(Properties['BucketName']) ?? ''],
      );
      for (const [place, bucket] of ofType('AWS::S3::Bucket'))
        expect([place, emptied.includes(bucket)]).toEqual([place, true]);
      for (const [, { Properties }] of ofType('AWS::ECR::Repository')) expect(Properties['EmptyOnDelete']).toBe(true);
    });

    test('has the shortest waiting period for keys', () => {
      for (const [, { Properties }] of ofType('AWS::KMS::Key')) expect(Properties['PendingWindowInDays']).toBe(7);
    });

    test('deletes the log group of every function', () => {
      expect(ofType('AWS::Lambda::Function').length).toBeGreaterThan(5);
      for (const [place, { Properties }, all] of ofType('AWS::Lambda::Function')) {
        const { LogGroup } = (Properties['LoggingConfig'] ?? {}) as { LogGroup?: unknown };
        expect([place, all[referenceOf(LogGroup) ?? '']?.Type]).toEqual([place, 'AWS::Logs::LogGroup']);
      }
    });

    test('has no deletion protection', () => {
      expect(text).not.toContain('"DeletionProtection":true');
      expect(text).not.toContain('{"Key":"deletion_protection.enabled","Value":"true"}');
    });
  });

  describe('ALL-3: all data at rest is encrypted under customer managed keys', () => {
    /** Type -> path of its KMS key. */
    const keyPaths: Readonly<Record<string, string>> = {
      'AWS::ECR::Repository': 'EncryptionConfiguration.KmsKey',
      'AWS::Logs::LogGroup': 'KmsKeyId',
      'AWS::RDS::DBCluster': 'KmsKeyId',
      'AWS::RDS::DBInstance': 'PerformanceInsightsKMSKeyId',
      'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
      'AWS::SNS::Topic': 'KmsMasterKeyId',
      'AWS::SQS::Queue': 'KmsMasterKeyId',
      'AWS::SecretsManager::Secret': 'KmsKeyId',
    };

    test.each(Object.entries(keyPaths))('%s', (type, path) => {
      for (const [place, { Properties }] of ofType(type)) {
        const key = path
          .split('.')
          .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], Properties);
        expect([place, JSON.stringify(key)]).toEqual([place, expect.stringMatching(/Key/)]);
      }
    });

    test('encrypts buckets, except those of access logs, which support only SSE-S3', () => {
      const plain = ofType('AWS::S3::Bucket').filter(
        ([, { Properties }]) => !JSON.stringify(Properties['BucketEncryption']).includes('aws:kms'),
      );
      const places = plain.map(([place]) => place.replace(/[0-9A-F]{8}$/, ''));
      expect(places).toContain('compute/LoadBalancerAccessLogs');
      expect(places.filter((place) => !place.endsWith('AccessLogs'))).toEqual([]);
    });

    test('rotates every key', () => {
      for (const [place, { Properties }] of ofType('AWS::KMS::Key'))
        expect([place, Properties['EnableKeyRotation']]).toEqual([place, true]);
    });
  });

  describe('ALL-4: least privilege', () => {
    const roleStatements = statements.filter(([, { Principal }]) => Principal === undefined);
    const allowed = roleStatements.filter(([, { Effect }]) => Effect === 'Allow');

    test('has no role with all actions, or all actions of a service', () => {
      // The boundary allows all but what it denies: it grants nothing by itself.
      const wild = allowed
        .filter(([place]) => !place.includes('DenyList'))
        .filter(([, { Action }]) => [Action ?? []].flat().some((action) => action === '*' || /:\*$/.test(action)));
      expect(wild.map(([place]) => place)).toEqual([]);
    });

    test('sets the permissions boundary of every role', () => {
      expect(ofType('AWS::IAM::Role').length).toBeGreaterThan(10);
      for (const [place, { Properties }] of ofType('AWS::IAM::Role')) {
        expect([place, JSON.stringify(Properties['PermissionsBoundary'])]).toEqual([
          place,
          expect.stringMatching(/DenyList|permissions-boundary-/),
        ]);
      }
    });

    test('allows no other account in a resource policy', () => {
      // The policy of an endpoint narrows a path; it grants nothing.
      const grants = statements.filter(([place]) => !place.startsWith('network/Endpoints'));
      const open = grants.filter(([, { Effect, Principal, Condition }]) => {
        const everyone = JSON.stringify(Principal ?? '').includes('"*"');
        return Effect === 'Allow' && everyone && !JSON.stringify(Condition ?? '').includes('AWS::AccountId');
      });
      expect(open.map(([place]) => place)).toEqual([]);
    });
  });

  describe('ALL-5: no credential is readable', () => {
    test('has no environment variable with a credential', () => {
      const variables = resources.flatMap(([, { Properties }]) => [
        ...((Properties['ContainerDefinitions'] ?? []) as { Environment?: { Name: string }[] }[]).flatMap(
          ({ Environment = [] }) => Environment.map(({ Name }) => Name),
        ),
        ...Object.keys((Properties['Environment'] as { Variables?: object } | undefined)?.Variables ?? {}),
      ]);
      expect(variables).toContain('DATABASE_SECRET_ARN');
      expect(variables.filter((name) => /PASSWORD|SECRET|TOKEN|KEY/.test(name) && !name.endsWith('_ARN'))).toEqual([]);
    });

    test('generates secrets in AWS and refers to them', () => {
      for (const [, { Properties }] of ofType('AWS::SecretsManager::Secret')) {
        expect(Properties).not.toHaveProperty('SecretString');
        expect(Properties).toHaveProperty('GenerateSecretString');
      }
      expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|"MasterUserPassword":"(?!\{\{resolve)/);
    });
  });
});
