import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../lib/config/configuration-error';
import { loadSettings } from '../../lib/config/load-settings';
import { profiles } from '../../lib/profiles';

const load = (context: Record<string, unknown>, cliAccount?: string) => loadSettings({ context, profiles, cliAccount });

function problemsOf(context: Record<string, unknown>): string[] {
  try {
    load(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

function configFile(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'overrides-')), 'platform.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const withFile = (content: unknown) => ({ environmentSuffix: 'pr123', config: configFile(content) });

describe('context keys', () => {
  test('the suffix alone gives the flagship profile in its own region, without an account', () => {
    const settings = load({ environmentSuffix: 'pr123' });
    expect(settings).toMatchObject({ environmentSuffix: 'pr123', region: 'eu-south-2', allowDestroy: false });
    expect(settings.profile.name).toBe('flagship');
    expect(settings.account).toBeUndefined();
    expect(settings.image).toEqual({ kind: 'built-from-source' });
  });

  test('region and account of the command line win over profile and CLI', () => {
    const context = { environmentSuffix: 'pr123', region: 'ap-southeast-1', account: '111122223333' };
    expect(load(context, '999999999999')).toMatchObject({ region: 'ap-southeast-1', account: '111122223333' });
    expect(load({ environmentSuffix: 'pr123' }, '999999999999').account).toBe('999999999999');
  });

  test.each(['a', 'pr123', 'a-b', 'abcdefghijkl'])('suffix %p is accepted', (environmentSuffix) => {
    expect(load({ environmentSuffix }).environmentSuffix).toBe(environmentSuffix);
  });

  test.each(['', 'PR123', '-a', 'a-', 'a_b', 'abcdefghijklm', 'ä', 'a b', 5])(
    'suffix %p is refused',
    (environmentSuffix) => {
      expect(problemsOf({ environmentSuffix })).toEqual([expect.stringContaining('environmentSuffix')]);
    },
  );

  test('every problem is listed at once, with field, value and remedy', () => {
    const problems = problemsOf({
      profile: 'flagshp',
      enviromentSuffix: 'x',
      region: 'mars',
      allowDestroy: 'yes',
      alarmEmail: '@',
    });
    expect(problems).toHaveLength(6);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/environmentSuffix is missing: pass -c environmentSuffix=/),
        expect.stringMatching(/profile = "flagshp": choose one of flagship, metered, partner, compact, storefront/),
        expect.stringMatching(/enviromentSuffix = "x": there is no such field; check its spelling/),
        expect.stringMatching(/region = "mars": use an AWS region code/),
        expect.stringMatching(/allowDestroy = "yes"/),
        expect.stringMatching(/alarmEmail = "@": use an e-mail address/),
      ]),
    );
  });

  test('the keys of CDK itself are passed over', () => {
    const context = {
      environmentSuffix: 'pr123',
      '@aws-cdk/core:x': true,
      'aws:cdk:bundling-stacks': ['**'],
      'cdk-migrate': 1,
    };
    expect(load(context).environmentSuffix).toBe('pr123');
  });

  test.each([
    [{ domainName: 'pay.example.com' }, 'hostedZoneId is missing'],
    [{ hostedZoneId: 'Z0123456789' }, 'hostedZoneId = "Z0123456789"'],
    [{ domainName: 'Pay_Example' }, 'domainName = "Pay_Example"'],
    [{ imageTag: 'v1' }, 'imageRepositoryName is missing'],
    [{ imageRepositoryName: 'payments/api' }, 'imageTag is missing'],
    [
      { certificateArn: 'arn:aws:acm:eu-south-2:111122223333:certificate/1234' },
      'a certificate is of use under its name only; pass -c domainName',
    ],
    [
      {
        domainName: 'pay.example.com',
        hostedZoneId: 'Z0123456789',
        certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1234',
      },
      'a load balancer uses certificates of its own region only; use one of eu-south-2',
    ],
  ])('%j is refused', (extra, message) => {
    expect(problemsOf({ environmentSuffix: 'pr123', ...extra })).toEqual([expect.stringContaining(message)]);
  });

  test('what a profile needs is told beside what is malformed, and each field once', () => {
    const found = problemsOf({
      environmentSuffix: 'PR',
      profile: 'compact',
      domainName: 'Pay_Example',
      imageTag: 'v1',
    });
    expect(found.map((line) => /- (\w+)/.exec(line)?.[1])).toEqual([
      'environmentSuffix',
      'domainName',
      'imageRepositoryName',
      'databaseSecretName',
    ]);
  });

  test('domain and zone, repository and tag come together', () => {
    const settings = load({
      environmentSuffix: 'pr123',
      domainName: 'pay.example.com',
      hostedZoneId: 'Z0123456789',
      imageRepositoryName: 'payments/api',
      imageTag: 'v1',
    });
    expect(settings.domain).toEqual({
      domainName: 'pay.example.com',
      zone: { kind: 'existing', hostedZoneId: 'Z0123456789' },
    });
    expect(settings.image).toEqual({ kind: 'existing-repository', repositoryName: 'payments/api', tag: 'v1' });
  });
});

const singleInstance = {
  kind: 'multi-az-instance',
  engineVersion: '17.7',
  clientAuthentication: 'iam',
  credentials: { kind: 'rds-managed', rotationDays: 30 },
  backupRetentionDays: 7,
  deletionProtection: 'off',
  instanceType: 't3.micro',
  allocatedStorageGiB: 20,
};

describe('overrides file', () => {
  test('fields are merged into the profile, parts of another kind are replaced, null removes an optional part', () => {
    const { profile } = load(
      withFile({
        profile: 'flagship',
        service: { maxTasks: 20, scaling: { memoryPercent: null } },
        network: { egress: { kind: 'nat-instances', instanceType: 't4g.small' } },
        deployment: { rollback: { serverErrorPercent: 2 } },
      }),
    );
    expect(profile.service).toMatchObject({ minTasks: 3, maxTasks: 20 });
    expect(profile.service.scaling).not.toHaveProperty('memoryPercent');
    expect(profile.network.egress).toEqual({ kind: 'nat-instances', instanceType: 't4g.small' });
    expect(profile.deployment).toMatchObject({
      kind: 'code-deploy-blue-green',
      rollback: { serverErrorPercent: 2, latencyP99Milliseconds: 1000 },
    });
  });

  test('every problem of the file is listed with its path', () => {
    const problems = problemsOf(
      withFile({ service: { minTask: 1, maxTasks: 'many' }, network: { egress: { kind: 'carrier-pigeon' } } }),
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/service\.minTask = 1: there is no such field/),
        expect.stringMatching(/service\.maxTasks = "many"/),
        expect.stringMatching(/network\.egress\.kind = "carrier-pigeon"/),
      ]),
    );
  });

  test.each([
    [{ service: { minTasks: 11 } }, /service\.minTasks = 11: lower it to service\.maxTasks \(10\)/],
    [{ service: { memoryMiB: 1500 } }, /service\.memoryMiB = 1500: with 512 CPU units Fargate offers 1024 to 4096 MiB/],
    [
      { deployment: { trafficShift: { kind: 'linear', stepPercent: 10, stepMinutes: 4 } } },
      /deployment\.trafficShift = .*it takes 45 minutes; shorten both to 40 together/,
    ],
    [{ network: { availabilityZoneCount: 2 } }, /network\.egress\.count = 3: there are only 2 availability zones/],
    [
      {
        database: {
          kind: 'aurora-serverless',
          engineVersion: '17.7',
          clientAuthentication: 'iam',
          credentials: { kind: 'rds-managed', rotationDays: 30 },
          backupRetentionDays: 7,
          deletionProtection: 'off',
          minCapacityAcu: 4,
          maxCapacityAcu: 2,
          readerCount: 1,
        },
      },
      /database\.minCapacityAcu = 4: lower it to database\.maxCapacityAcu \(2\)/,
    ],
    [
      {
        database: { clientAuthentication: 'password', credentials: { kind: 'connection-string', rotationDays: 30 } },
        paymentQueue: { maxReceiveCount: 5 },
      },
      /paymentQueue = .*: with database\.clientAuthentication password leave it out/,
    ],
    [
      { database: singleInstance, backupVerification: { schedule: 'rate(1 day)' } },
      /backupVerification = .*: with database\.kind multi-az-instance there is no restore drill; leave it out/,
    ],
    [
      { backupVerification: { schedule: 'daily' } },
      /backupVerification\.schedule = "daily": expected rate\(…\) or cron/,
    ],
    [
      { documents: { replicaRegion: 'eu-south-2', archiveAfterDays: 90, expireAfterDays: 365 } },
      /documents\.replicaRegion = "eu-south-2": a replica in the home region is lost together with it; choose another/,
    ],
    [
      { documents: { replicaRegion: 'spain', archiveAfterDays: 90, expireAfterDays: 365 } },
      /documents\.replicaRegion = "spain": expected an AWS region code/,
    ],
    [
      { documents: { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 90 } },
      /documents\.archiveAfterDays = 90: documents would be gone by then; lower it below .* \(90\)/,
    ],
  ])('rules between fields: %j', (overrides, message) => {
    expect(problemsOf(withFile(overrides))).toEqual([expect.stringMatching(message)]);
  });

  test('a home region that is chosen is the one that the replica must not stand in', () => {
    const documents = { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 365 };
    expect(problemsOf({ ...withFile({ documents }), region: 'eu-west-1' })).toHaveLength(1);
    expect(load(withFile({ documents })).profile.documents).toEqual(documents);
  });

  test.each([
    ['{ not json', /config = ".*platform\.json": the file is not JSON/],
    [[1], /expected object/i],
  ])('a file that is not an object is refused: %j', (content, message) => {
    expect(problemsOf(withFile(content))).toEqual([expect.stringMatching(message)]);
  });

  test('a file that does not exist is named', () => {
    expect(problemsOf({ environmentSuffix: 'pr123', config: '/nowhere/x.json' })).toEqual([
      expect.stringContaining('config = "/nowhere/x.json": the file cannot be read (ENOENT)'),
    ]);
  });
});
