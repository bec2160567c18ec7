import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../lib/config/configuration-error';
import { loadSettings } from '../../lib/config/load-settings';
import { profiles } from '../../lib/profiles';
import { profileContexts } from '../support/profile-contexts';

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

  test.each(['', 'PR123', '-a', 'a-', 'a_b', 'abcdefghijklm', 'ä', 'a b', 'a--b', 5])(
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
        expect.stringMatching(/enviromentSuffix = "x": there is no such key; did you mean environmentSuffix\?/),
        expect.stringMatching(/region = "mars": use an AWS region code/),
        expect.stringMatching(/allowDestroy = "yes"/),
        expect.stringMatching(/alarmEmail = "@": use an e-mail address/),
      ]),
    );
  });

  test.each([
    ['http://wiki.example.com/runbook', 'use the https:// address'],
    ['lib/observability/RUNBOOK.md', 'use the https:// address'],
    ['https://wiki.example.com/runbook#alarms', 'use the https:// address'],
    ['https://wiki.example.com/the runbook', 'use the https:// address'],
    [`https://wiki.example.com/${'r'.repeat(256)}`, 'an address of a runbook may have 256 characters'],
  ])('refuses the runbook %s', (runbookUrl, remedy) => {
    expect(problemsOf({ environmentSuffix: 'pr123', runbookUrl })).toEqual([expect.stringContaining(`: ${remedy}`)]);
  });

  test('keys of CDK and of other tools pass', () => {
    const context = {
      environmentSuffix: 'pr123',
      'acknowledged-issue-numbers': [34892],
      'cli-telemetry': false,
      terraform: true,
      '@aws-cdk/core:x': true,
      'aws:cdk:bundling-stacks': ['**'],
      'cdk-migrate': 1,
    };
    expect(load(context).environmentSuffix).toBe('pr123');
  });

  test.each([
    ['environment-suffix', 'environmentSuffix'],
    ['domain', 'domainName'],
    ['hostedZone', 'hostedZoneId'],
    ['alarmsEmail', 'alarmEmail'],
    ['trustorePath', 'truststorePath'],
    ['Profile', 'profile'],
  ])('refuses the key %s and suggests %s', (key, meant) => {
    expect(problemsOf({ environmentSuffix: 'pr123', [key]: 'x' })).toEqual([
      `  - ${key} = "x": there is no such key; did you mean ${meant}?`,
    ]);
  });

  test.each([
    ['cn-north-1', 'the region is in the partition aws-cn'],
    ['us-gov-west-1', 'the region is in the partition aws-us-gov'],
    ['eu-soth-2', 'aws-cdk-lib knows no such region; check its spelling'],
  ])('refuses the region %s in every profile', (region, remedy) => {
    for (const context of Object.values(profileContexts)) {
      const found = problemsOf({ environmentSuffix: 'pr123', ...context, region });
      expect(found).toContainEqual(expect.stringContaining(`region = "${region}": ${remedy}`));
    }
  });

  test('refuses a region with fewer zones than the profile has, and admits it to a profile of two', () => {
    expect(problemsOf({ environmentSuffix: 'pr123', region: 'us-west-1' })).toEqual([
      expect.stringContaining('network.availabilityZoneCount = 3: us-west-1 gives an account 2 Availability Zones'),
    ]);
    expect(problemsOf({ environmentSuffix: 'pr123', ...profileContexts['compact'], region: 'us-west-1' })).toEqual([]);
  });

  test.each(['example.xn--p1ai', 'xn--80ak6aa92e.com', `${'a'.repeat(52)}.example.com`])(
    'accepts the domain %s',
    (domainName) => {
      expect(problemsOf({ environmentSuffix: 'pr123', domainName, hostedZoneId: 'Z0123456789' })).toEqual([]);
    },
  );

  test('refuses a domain that ACM issues no certificate for, unless none is requested', () => {
    const domainName = `${'a'.repeat(53)}.example.com`;
    const context = { environmentSuffix: 'pr123', ...profileContexts['compact'], domainName };
    expect(problemsOf(context)).toEqual([
      expect.stringContaining('ACM issues certificates for names of at most 64 characters, and this one has 65'),
    ]);
    const certificateArn = 'arn:aws:acm:ap-northeast-2:111122223333:certificate/1234';
    expect(problemsOf({ ...context, certificateArn })).toEqual([]);
  });

  test('a malformed domain blames no other input', () => {
    const context = { environmentSuffix: 'pr123', domainName: 'Pay_Example', hostedZoneId: 'Z0123456789' };
    expect(problemsOf(context)).toEqual([expect.stringContaining('domainName = "Pay_Example"')]);
  });

  test.each([
    ['111122223333.dkr.ecr.eu-south-2.amazonaws.com/payments/api', 'without the registry: payments/api'],
    ['Payments/api', 'such as payments/api'],
    ['payments//api', 'such as payments/api'],
    ['a'.repeat(257), 'at most 256 characters'],
  ])('refuses the repository name %s', (imageRepositoryName, remedy) => {
    expect(problemsOf({ environmentSuffix: 'pr123', imageRepositoryName, imageTag: 'v1' })).toEqual([
      expect.stringContaining(remedy),
    ]);
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
  engineVersion: '17',
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
    [{ network: { cidr: '10.0.0.5/16' } }, /network\.cidr = "10\.0\.0\.5\/16": .*; use 10\.0\.0\.0\/16/],
    [{ network: { cidr: '10.0.0.0/8' } }, /network\.cidr = "10\.0\.0\.0\/8": a VPC is between \/16 and \/28/],
    [
      { network: { cidr: '10.0.0.0/24' } },
      /network\.cidr = "10\.0\.0\.0\/24": the subnets of 3 zones do not fit; .*\/17/,
    ],
    [{ network: { availabilityZoneCount: 4 } }, /network\.availabilityZoneCount = 4: use 2 or 3/],
    [{ network: { egress: { kind: 'nat-instances', instanceType: 't4g' } } }, /network\.egress\.instanceType = "t4g"/],
    [{ tags: { 'aws:foo': 'x' } }, /tags\.aws:foo = "x": AWS reserves keys that start with aws:/],
    [{ tags: { Name: 'x' } }, /tags\.Name = "x": the platform names its resources itself/],
    [{ tags: { team: '#' } }, /tags\.team = "#": use letters, digits, spaces/],
    [{ tags: { team: 'x'.repeat(257) } }, /tags\.team = "x+": a value has at most 256 characters/],
    [
      { database: { engineVersion: '11.9' } },
      /engineVersion = "11\.9": the platform is tested with PostgreSQL 17; use 17\.7/,
    ],
    [{ database: { engineVersion: '17.99' } }, /engineVersion = "17\.99": .*choose one of 17\.1, .*17\.7/],
    [{ database: { engineVersion: '17' } }, /engineVersion = "17": use MAJOR\.MINOR/],
    [{ database: { ...singleInstance, engineVersion: '17.7' } }, /engineVersion = "17\.7": use the major version/],
    [
      { database: { instanceType: 't2.micro' } },
      /database\.instanceType = "t2\.micro": choose one of the families t3,/,
    ],
    [
      { database: { instanceType: 't3.micro' } },
      /database\.instanceType = "t3\.micro": the family t3 is offered in medium/,
    ],
    [{ database: { instanceType: 'db.r6g.large' } }, /database\.instanceType = .*: leave the prefix out: r6g\.large/],
    [{ service: { mintasks: 4 } }, /service\.mintasks = 4: there is no such field; did you mean minTasks\?/],
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
      {
        database: { clientAuthentication: 'password', credentials: { kind: 'connection-string', rotationDays: 30 } },
        apiKeyRotationDays: 30,
      },
      /apiKeyRotationDays = 30: with database\.clientAuthentication password leave it out/,
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

  test('a byte-order mark is passed over', () => {
    expect(load(withFile('\uFEFF{"service":{"minTasks":4}}')).profile.service.minTasks).toBe(4);
  });

  test.each([
    ['{\n  // why\n}', 'JSON has no comments; remove the one at line 2, column 3'],
    ['{\n  "service": {} /* why */\n}', 'JSON has no comments; remove the one at line 2, column 17'],
    ['{\n  not json\n}', 'the file is not JSON (InvalidSymbol at line 2, column 3); correct it there'],
    ['', 'the file is not JSON (ValueExpected at line 1, column 1); correct it there'],
  ])('a syntax error names its line and column: %j', (content, message) => {
    expect(problemsOf(withFile(content))[0]).toContain(message);
  });

  test.each([[[1], /expected object/i]])('a file that is not an object is refused: %j', (content, message) => {
    expect(problemsOf(withFile(content))).toEqual([expect.stringMatching(message)]);
  });

  test('a file that does not exist is named', () => {
    expect(problemsOf({ environmentSuffix: 'pr123', config: '/nowhere/x.json' })).toEqual([
      expect.stringContaining('config = "/nowhere/x.json": the file cannot be read (ENOENT)'),
    ]);
  });
});
