/** Other values of fields whose schema does not suggest one. The first value that a profile accepts is used. */
export const fieldSamples: Readonly<Record<string, readonly unknown[]>> = {
  region: ['eu-west-1', 'eu-central-1'],
  tags: [{ Environment: 'production', CostCenter: 'other', ManagedBy: 'cdk' }],
  'network.cidr': ['10.1.0.0/16'],
  'network.egress.instanceType': ['t4g.medium'],
  'database.engineVersion': ['17.9', '18.3', '18', '16'],
  'database.instanceType': ['t4g.large', 't3.small', 'r6g.large'],
  'service.healthCheck.command': [['/usr/bin/check']],
  'restoreDrill.schedule': ['cron(0 4 * * ? *)'],
  'acquirer.url': ['https://bank.example.com/v2'],
  'database.restored': [
    {
      resourceId: 'cluster-ABCDEFGHIJKL0123456789',
      administratorSecretArn: 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:rds!cluster-1-AbCdEf',
    },
    { resourceId: 'cluster-ABCDEFGHIJKL0123456789' },
    { resourceId: 'db-ABCDEFGHIJKL0123456789' },
  ],
  canary: [{ everyMinutes: 5 }],
  signIn: [{ kind: 'cognito' }],
  'documents.replicaRegion': ['us-east-2', 'eu-west-1'],
};

const zone = 'Z9876543210ABCDEFGHIJ';
const certificate = (region: string) =>
  `arn:aws:acm:${region}:111122223333:certificate/11111111-2222-3333-4444-555555555555`;

/** Other values of context keys. The first value that a profile accepts is used. Empty: another value means another environment. */
export const inputSamples: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  environmentSuffix: [{ environmentSuffix: 'other' }],
  profile: [],
  config: [],
  account: [],
  domainName: [{ domainName: 'shop.example.com' }, { domainName: 'pay.example.com', hostedZoneId: zone }],
  hostedZoneId: [{ hostedZoneId: zone }],
  certificateArn: ['us-east-1', 'eu-south-2', 'ap-southeast-1', 'ap-northeast-2'].map((region) => ({
    certificateArn: certificate(region),
  })),
  databaseSecretName: [{ databaseSecretName: 'payments/other' }],
  imageRepositoryName: [{ imageRepositoryName: 'payments/other' }],
  imageTag: [{ imageTag: 'v2' }],
  truststorePath: [{ truststorePath: 'test/support/client-ca-other.pem' }],
  alarmEmail: [{ alarmEmail: 'on-call@example.com' }],
  runbookUrl: [{ runbookUrl: 'https://wiki.example.com/runbook' }],
  allowDestroy: [{ allowDestroy: 'true' }],
  region: [{ region: 'eu-west-1' }],
  availabilityZones: ['eu-south-2', 'ap-southeast-1', 'us-east-1', 'ap-northeast-2'].flatMap((region) => [
    { availabilityZones: ['a', 'b', 'c'].map((letter) => region + letter).join() },
    { availabilityZones: ['a', 'b'].map((letter) => region + letter).join() },
  ]),
};
