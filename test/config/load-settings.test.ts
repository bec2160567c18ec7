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
  test('loads flagship in its own region if only the suffix is passed', () => {
    const settings = load({ environmentSuffix: 'pr123' });
    expect(settings).toMatchObject({ environmentSuffix: 'pr123', region: 'eu-south-2', allowDestroy: false });
    expect(settings.profile.name).toBe('flagship');
    expect(settings.account).toBeUndefined();
    expect(settings.image).toEqual({ kind: 'built-from-source' });
  });

  test('prefers region and account of the command line', () => {
    const context = { environmentSuffix: 'pr123', region: 'ap-southeast-1', account: '111122223333' };
    expect(load(context, '999999999999')).toMatchObject({ region: 'ap-southeast-1', account: '111122223333' });
    expect(load({ environmentSuffix: 'pr123' }, '999999999999').account).toBe('999999999999');
  });

  test.each(['a', 'pr123', 'a-b', 'abcdefghijkl'])('accepts the suffix %p', (environmentSuffix) => {
    expect(load({ environmentSuffix }).environmentSuffix).toBe(environmentSuffix);
  });

  test.each(['', 'PR123', '-a', 'a-', 'a_b', 'abcdefghijklm', 'ä', 'a b', 'a--b', 5])(
    'refuses the suffix %p',
    (environmentSuffix) => {
      expect(problemsOf({ environmentSuffix })).toEqual([expect.stringContaining('environmentSuffix')]);
    },
  );

  test('lists all problems with field, value and remedy', () => {
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
        expect.stringMatching(/environmentSuffix is missing\. Pass -c environmentSuffix=/),
        expect.stringMatching(/profile is "flagshp"\. Use one of flagship, metered, partner, compact, storefront\./),
        expect.stringMatching(/enviromentSuffix is "x"\. This key is unknown\. Did you mean environmentSuffix\?/),
        expect.stringMatching(/region is "mars"\. Use an AWS region code/),
        expect.stringMatching(/allowDestroy is "yes"\. Use true or false\./),
        expect.stringMatching(/alarmEmail is "@"\. Use an e-mail address/),
      ]),
    );
  });

  test.each([
    ['http://wiki.example.com/runbook', 'Use the https:// URL'],
    ['lib/observability/RUNBOOK.md', 'Use the https:// URL'],
    ['https://wiki.example.com/runbook#alarms', 'Use the https:// URL'],
    ['https://wiki.example.com/the runbook', 'Use the https:// URL'],
    [`https://wiki.example.com/${'r'.repeat(256)}`, 'Use at most 256 characters'],
  ])('refuses the runbook URL %s', (runbookUrl, remedy) => {
    expect(problemsOf({ environmentSuffix: 'pr123', runbookUrl })).toEqual([expect.stringContaining(`. ${remedy}`)]);
  });

  test('accepts keys of the CDK and of other tools', () => {
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
      `  - ${key} is "x". This key is unknown. Did you mean ${meant}?`,
    ]);
  });

  test.each([
    ['cn-north-1', 'The region is in the partition aws-cn'],
    ['us-gov-west-1', 'The region is in the partition aws-us-gov'],
    ['eu-soth-2', 'aws-cdk-lib does not list this region. Check the spelling'],
  ])('refuses the region %s in every profile', (region, remedy) => {
    for (const context of Object.values(profileContexts)) {
      const found = problemsOf({ environmentSuffix: 'pr123', ...context, region });
      expect(found).toContainEqual(expect.stringContaining(`region is "${region}". ${remedy}`));
    }
  });

  test('refuses a region with too few zones for the profile', () => {
    expect(problemsOf({ environmentSuffix: 'pr123', region: 'us-west-1' })).toEqual([
      expect.stringContaining('network.availabilityZoneCount is 3. us-west-1 offers an account 2 Availability Zones'),
    ]);
    expect(problemsOf({ environmentSuffix: 'pr123', ...profileContexts['compact'], region: 'us-west-1' })).toEqual([]);
  });

  test.each(['example.xn--p1ai', 'xn--80ak6aa92e.com', `${'a'.repeat(52)}.example.com`])(
    'accepts the domain %s',
    (domainName) => {
      expect(problemsOf({ environmentSuffix: 'pr123', domainName, hostedZoneId: 'Z0123456789' })).toEqual([]);
    },
  );

  test('refuses a domain that is too long for a certificate, unless none is requested', () => {
    const domainName = `${'a'.repeat(53)}.example.com`;
    const context = { environmentSuffix: 'pr123', ...profileContexts['compact'], domainName };
    expect(problemsOf(context)).toEqual([
      expect.stringContaining('It has 65 characters. ACM issues certificates for domain names of at most 64.'),
    ]);
    const certificateArn = 'arn:aws:acm:ap-northeast-2:111122223333:certificate/1234';
    expect(problemsOf({ ...context, certificateArn })).toEqual([]);
  });

  test('reports no other input for a malformed domain', () => {
    const context = { environmentSuffix: 'pr123', domainName: 'Pay_Example', hostedZoneId: 'Z0123456789' };
    expect(problemsOf(context)).toEqual([expect.stringContaining('domainName is "Pay_Example"')]);
  });

  test.each([
    ['111122223333.dkr.ecr.eu-south-2.amazonaws.com/payments/api', 'without the registry, such as payments/api'],
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
    [{ hostedZoneId: 'Z0123456789' }, 'hostedZoneId is "Z0123456789"'],
    [{ domainName: 'Pay_Example' }, 'domainName is "Pay_Example"'],
    [{ imageTag: 'v1' }, 'imageRepositoryName is missing'],
    [{ imageRepositoryName: 'payments/api' }, 'imageTag is missing'],
    [
      { certificateArn: 'arn:aws:acm:eu-south-2:111122223333:certificate/1234' },
      'The certificate has no effect without the domain name that it covers. Pass -c domainName',
    ],
    [
      {
        domainName: 'pay.example.com',
        hostedZoneId: 'Z0123456789',
        certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1234',
      },
      'A load balancer accepts only certificates of its own region. Use a certificate of eu-south-2.',
    ],
  ])('%j is refused', (extra, message) => {
    expect(problemsOf({ environmentSuffix: 'pr123', ...extra })).toEqual([expect.stringContaining(message)]);
  });

  test('reports missing inputs together with malformed ones, each field once', () => {
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

  test('combines domain and zone, repository and tag', () => {
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
  test('merges fields, replaces parts of another kind and removes parts with null', () => {
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

  test('lists every problem of the file with its path', () => {
    const problems = problemsOf(
      withFile({ service: { minTask: 1, maxTasks: 'many' }, network: { egress: { kind: 'carrier-pigeon' } } }),
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/service\.minTask is 1\. This field is unknown/),
        expect.stringMatching(/service\.maxTasks is "many"\. Use a number\./),
        expect.stringMatching(/network\.egress\.kind is "carrier-pigeon"\. Use one of nat-gateways, nat-instances\./),
      ]),
    );
  });

  const ecs = { kind: 'ecs-blue-green', trafficShift: { kind: 'all-at-once' } };

  test.each([
    [{ service: { minTasks: 0 } }, /service\.minTasks is 0\. Use at least 1\./],
    [{ service: { memoryMiB: 40960 } }, /service\.memoryMiB is 40960\. Use at most 30720\./],
    [{ service: { cpuUnits: 300 } }, /service\.cpuUnits is 300\. Use one of 256, 512, 1024, 2048, 4096\./],
    [{ network: { cidr: 'ten' } }, /network\.cidr is "ten"\. Use an IPv4 CIDR block/],
    [
      { service: { minTasks: 11 } },
      /service\.minTasks is 11\. It exceeds service\.maxTasks \(10\)\. Lower it, or raise service\.maxTasks\./,
    ],
    [
      { service: { memoryMiB: 1500 } },
      /service\.memoryMiB is 1500\. With 512 CPU units, Fargate offers 1024 to 4096 MiB/,
    ],
    [
      { deployment: { trafficShift: { kind: 'linear', stepPercent: 10, stepMinutes: 4 } } },
      /deployment\.trafficShift is .*terminationWaitMinutes, a deployment takes 45 minutes, and the limit is 40/,
    ],
    [
      { deployment: { ...ecs, trafficShift: { kind: 'linear', stepPercent: 10, stepMinutes: 9 } } },
      /deployment\.trafficShift is .*bakeMinutes, a deployment takes 95 minutes, and the limit is 90/,
    ],
    [
      { deployment: { ...ecs, trafficShift: { kind: 'linear', stepPercent: 2, stepMinutes: 1 } } },
      /deployment\.trafficShift\.stepPercent is 2\. With ECS, use at least 3\./,
    ],
    [
      { deployment: ecs, paymentQueue: { maxReceiveCount: 5 } },
      /deployment\.kind is "ecs-blue-green"\. With paymentQueue, .* Use code-deploy-blue-green, or remove paymentQueue\./,
    ],
    [
      { canary: {}, acquirer: { kind: 'stripe' } },
      /canary is .*acquirer\.kind is stripe, and a synthetic payment would move money\. Remove canary, or use the simulator\./,
    ],
    [
      {
        database: {
          restored: {
            resourceId: 'db-ABC0',
            administratorSecretArn: 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:rds!cluster-1-AbCdEf',
          },
        },
      },
      /database\.restored\.resourceId is "db-ABC0"\. database\.kind is aurora-provisioned\. .*begins with cluster-/,
    ],
    [
      { database: { restored: { resourceId: 'cluster-ABC0' } } },
      /database\.restored\.administratorSecretArn is missing\. .*credentials\.kind is rds-managed, .* Pass its ARN\./,
    ],
    [
      { database: { restored: { resourceId: 'arn:aws:rds' } } },
      /database\.restored\.resourceId is "arn:aws:rds"\. Use the DbClusterResourceId/,
    ],
    [{ canary: { everyMinutes: 0 } }, /canary\.everyMinutes is 0\. Use at least 1\./],
    [{ deployment: { ...ecs, bakeMinutes: 61 } }, /deployment\.bakeMinutes is 61\. Use at most 60\./],
    [{ network: { cidr: '10.0.0.5/16' } }, /network\.cidr is "10\.0\.0\.5\/16"\. .* Use 10\.0\.0\.0\/16/],
    [
      { network: { cidr: '10.0.0.0/8' } },
      /network\.cidr is "10\.0\.0\.0\/8"\. The prefix length of a VPC is \/16 to \/28/,
    ],
    [
      { network: { cidr: '10.0.0.0/24' } },
      /network\.cidr is "10\.0\.0\.0\/24"\. It has no room for the subnets of 3 Availability Zones\. .*\/17/,
    ],
    [{ network: { availabilityZoneCount: 4 } }, /network\.availabilityZoneCount is 4\. Use 2 or 3/],
    [{ network: { egress: { kind: 'nat-instances', instanceType: 't4g' } } }, /network\.egress\.instanceType is "t4g"/],
    [{ tags: { 'aws:foo': 'x' } }, /tags\.aws:foo is "x"\. AWS reserves keys that start with aws:/],
    [{ tags: { Name: 'x' } }, /tags\.Name is "x"\. The platform sets the tag Name itself/],
    [{ tags: { team: '#' } }, /tags\.team is "#"\. Use only letters, digits, spaces/],
    [{ tags: { ['k'.repeat(129)]: 'x' } }, /tags\.k+ is "x"\. Use a key of 1 to 128 characters/],
    [{ tags: { 'a#b': 'x' } }, /tags\.a#b is "x"\. Use only letters, digits, spaces .* in the key/],
    [
      { tags: Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`tag${index}`, 'x'])) },
      /tags is \d+\. A resource has at most 50 tags, some of which the platform sets\. Define at most 40\./,
    ],
    [{ tags: { team: 'x'.repeat(257) } }, /tags\.team is "x+"\. Use a value of at most 256 characters/],
    [
      { database: { engineVersion: '11.9' } },
      /engineVersion is "11\.9"\. The platform is tested with PostgreSQL 17\. Use 17\.7/,
    ],
    [{ database: { engineVersion: '17.99' } }, /engineVersion is "17\.99"\. .*Use one of 17\.1, .*17\.7/],
    [{ database: { engineVersion: '17' } }, /engineVersion is "17"\. Use MAJOR\.MINOR/],
    [{ database: { ...singleInstance, engineVersion: '17.7' } }, /engineVersion is "17\.7"\. Use the major version/],
    [{ database: { instanceType: 't2.micro' } }, /database\.instanceType is "t2\.micro"\. Use one of the families t3,/],
    [
      { database: { instanceType: 't3.micro' } },
      /database\.instanceType is "t3\.micro"\. The family t3 is offered in medium/,
    ],
    [
      { database: { instanceType: 'db.r6g.large' } },
      /database\.instanceType is .*\. Omit the prefix db\.: use r6g\.large/,
    ],
    [{ service: { mintasks: 4 } }, /service\.mintasks is 4\. This field is unknown\. Did you mean minTasks\?/],
    [
      { network: { availabilityZoneCount: 2 } },
      /network\.egress\.count is 3\. network\.availabilityZoneCount is 2, .* Lower the count to 2/,
    ],
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
      /database\.minCapacityAcu is 4\. It exceeds database\.maxCapacityAcu \(2\)/,
    ],
    [
      {
        database: { clientAuthentication: 'password', credentials: { kind: 'connection-string', rotationDays: 30 } },
        paymentQueue: { maxReceiveCount: 5 },
      },
      /paymentQueue is .*database\.clientAuthentication is password\. Remove paymentQueue, or use iam/,
    ],
    [
      {
        database: { clientAuthentication: 'password', credentials: { kind: 'connection-string', rotationDays: 30 } },
        apiKeyRotationDays: 30,
      },
      /apiKeyRotationDays is 30\. .*database\.clientAuthentication is password\. Remove apiKeyRotationDays/,
    ],
    [
      { database: singleInstance, restoreDrill: { schedule: 'rate(1 day)' } },
      /restoreDrill is .*only Aurora clusters, and database\.kind is multi-az-instance\. Remove restoreDrill/,
    ],
    [{ restoreDrill: { schedule: 'daily' } }, /restoreDrill\.schedule is "daily"\. Use rate\(…\) or cron/],
    [
      { documents: { replicaRegion: 'eu-south-2', archiveAfterDays: 90, expireAfterDays: 365 } },
      /documents\.replicaRegion is "eu-south-2"\. A replica in the home region is lost together with it\. Use another/,
    ],
    [
      { documents: { replicaRegion: 'spain', archiveAfterDays: 90, expireAfterDays: 365 } },
      /documents\.replicaRegion is "spain"\. Use an AWS region code/,
    ],
    [
      { documents: { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 90 } },
      /documents\.archiveAfterDays is 90\. Documents expire after 90 days \(documents\.expireAfterDays\)\. Archive them earlier/,
    ],
  ])('refuses %j', (overrides, message) => {
    expect(problemsOf(withFile(overrides))).toEqual([expect.stringMatching(message)]);
  });

  test('refuses a replica in the region of the command line', () => {
    const documents = { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 365 };
    expect(problemsOf({ ...withFile({ documents }), region: 'eu-west-1' })).toHaveLength(1);
    expect(load(withFile({ documents })).profile.documents).toEqual(documents);
  });

  test('ignores a byte-order mark', () => {
    expect(load(withFile('\uFEFF{"service":{"minTasks":4}}')).profile.service.minTasks).toBe(4);
  });

  test.each([
    ['{\n  // why\n}', 'JSON does not allow comments. Remove the comment at line 2, column 3'],
    ['{\n  "service": {} /* why */\n}', 'JSON does not allow comments. Remove the comment at line 2, column 17'],
    ['{\n  not json\n}', 'The file is not valid JSON: InvalidSymbol at line 2, column 3. Correct the file there.'],
    ['', 'The file is not valid JSON: ValueExpected at line 1, column 1. Correct the file there.'],
  ])('reports line and column of a syntax error: %j', (content, message) => {
    expect(problemsOf(withFile(content))[0]).toContain(message);
  });

  test.each([[[1], /Use an object\./]])('refuses a file that is not an object: %j', (content, message) => {
    expect(problemsOf(withFile(content))).toEqual([expect.stringMatching(message)]);
  });

  test('names a file that does not exist', () => {
    expect(problemsOf({ environmentSuffix: 'pr123', config: '/nowhere/x.json' })).toEqual([
      expect.stringContaining('config is "/nowhere/x.json". The file cannot be read (ENOENT)'),
    ]);
  });
});
