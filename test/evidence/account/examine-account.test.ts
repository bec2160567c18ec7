import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';
import { GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { GetEnabledStandardsCommand, InvalidAccessException, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { examineAccount } from '../../../lib/evidence/account/examine-account';
import { accountDutiesOf } from '../../../lib/evidence/pci/account-duties';
import { Assembly } from '../../../lib/evidence/assembly';

const trails = mockClient(CloudTrailClient);
const detectors = mockClient(GuardDutyClient);
const recorders = mockClient(ConfigServiceClient);
const hubs = mockClient(SecurityHubClient);

/** The state and the detail of one service in one region. */
async function answer(service: string): Promise<readonly string[]> {
  const found = (await examineAccount(['eu-south-2'])).find((check) => check.service === service);
  return [found?.state ?? '', found?.detail ?? ''];
}

const complete = {
  Name: 'audit',
  TrailARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit',
  HomeRegion: 'us-east-1',
  IsMultiRegionTrail: true,
  LogFileValidationEnabled: true,
  IncludeGlobalServiceEvents: true,
};
const enabled = (Name: string) => ({ Name, Status: 'ENABLED' });
const detector = {
  Status: 'ENABLED',
  Features: [
    ...['S3_DATA_EVENTS', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'].map(enabled),
    { ...enabled('RUNTIME_MONITORING'), AdditionalConfiguration: [enabled('ECS_FARGATE_AGENT_MANAGEMENT')] },
  ],
} as const;
const pciStandard = 'arn:aws:securityhub:eu-south-2::standards/pci-dss/v/4.0.1';
const standard = (StandardsArn: string, StandardsStatus: 'READY' | 'INCOMPLETE') => ({
  StandardsArn,
  StandardsStatus,
  StandardsInput: {},
  StandardsSubscriptionArn: 'arn:aws:securityhub:eu-south-2:111122223333:subscription/pci-dss/v/4.0.1',
});

beforeEach(() => {
  for (const mock of [trails, detectors, recorders, hubs]) mock.reset();
  trails.on(DescribeTrailsCommand).resolves({ trailList: [complete] });
  trails.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  detectors.on(ListDetectorsCommand).resolves({ DetectorIds: ['d1'] });
  detectors.on(GetDetectorCommand).resolves(structuredClone(detector) as never);
  recorders
    .on(DescribeConfigurationRecordersCommand)
    .resolves({ ConfigurationRecorders: [{ name: 'default', recordingGroup: { allSupported: true } }] });
  recorders
    .on(DescribeConfigurationRecorderStatusCommand)
    .resolves({ ConfigurationRecordersStatus: [{ name: 'default', recording: true }] });
  recorders.on(DescribeConfigRulesCommand).resolves({ ConfigRules: [{ ConfigRuleName: 'drift', Source: undefined }] });
  hubs.on(GetEnabledStandardsCommand).resolves({ StandardsSubscriptions: [standard(pciStandard, 'READY')] });
});

test('asks each service in each region once', async () => {
  const checks = await examineAccount(['us-east-1', 'eu-south-2', 'us-east-1']);
  expect(checks.map(({ region, service, state }) => `${region} ${service} ${state}`)).toEqual(
    ['eu-south-2', 'us-east-1'].flatMap((region) =>
      ['CloudTrail', 'GuardDuty', 'AWS Config', 'Security Hub'].map((service) => `${region} ${service} on`),
    ),
  );
});

describe('CloudTrail', () => {
  test('is on by a trail of another region', async () => {
    expect(await answer('CloudTrail')).toEqual(['on', 'trail audit records']);
  });

  test.each([
    [{ IsMultiRegionTrail: false }, 'all regions'],
    [{ LogFileValidationEnabled: false }, 'log file validation'],
    [{ IncludeGlobalServiceEvents: false }, 'events of global services'],
  ])('is partly on with %j', async (change, missing) => {
    trails.on(DescribeTrailsCommand).resolves({ trailList: [{ ...complete, ...change }] });
    expect(await answer('CloudTrail')).toEqual(['partly', `trail audit records; missing: ${missing}`]);
  });

  test('is on if a second trail is complete', async () => {
    const partial = { ...complete, Name: 'partial', IsMultiRegionTrail: false, HomeRegion: undefined };
    trails.on(DescribeTrailsCommand).resolves({ trailList: [partial, complete] });
    expect(await answer('CloudTrail')).toEqual(['on', 'trail audit records']);
  });

  test('is off while its trail is stopped', async () => {
    trails.on(GetTrailStatusCommand).resolves({ IsLogging: false });
    expect(await answer('CloudTrail')).toEqual(['off', 'no trail records, 1 exist']);
  });

  test('is off without a trail', async () => {
    trails.on(DescribeTrailsCommand).resolves({});
    expect(await answer('CloudTrail')).toEqual(['off', 'no trail records, 0 exist']);
  });
});

describe('GuardDuty', () => {
  test('is partly on without the agents of ECS tasks', async () => {
    const Features = [...detector.Features.slice(0, 3), enabled('RUNTIME_MONITORING')];
    detectors.on(GetDetectorCommand).resolves({ Status: 'ENABLED', Features } as never);
    expect(await answer('GuardDuty')).toEqual(['partly', 'detector d1 watches; missing: ECS_FARGATE_AGENT_MANAGEMENT']);
  });

  test('names the features that are missing', async () => {
    const Features = [{ Name: 'S3_DATA_EVENTS', Status: 'DISABLED' }];
    detectors.on(GetDetectorCommand).resolves({ Status: 'ENABLED', Features } as never);
    const [state, detail] = await answer('GuardDuty');
    expect(state).toBe('partly');
    expect(detail).toContain('missing: S3_DATA_EVENTS, RDS_LOGIN_EVENTS, LAMBDA_NETWORK_LOGS, RUNTIME_MONITORING');
  });

  test('is off while it is suspended', async () => {
    detectors.on(GetDetectorCommand).resolves({ Status: 'DISABLED' } as never);
    expect(await answer('GuardDuty')).toEqual(['off', 'detector d1 is suspended']);
  });

  test('is off without a detector', async () => {
    detectors.on(ListDetectorsCommand).resolves({ DetectorIds: [] });
    expect(await answer('GuardDuty')).toEqual(['off', 'no detector']);
  });
});

describe('AWS Config', () => {
  test('is partly on without rules and with chosen types only', async () => {
    recorders.on(DescribeConfigRulesCommand).resolves({});
    recorders.on(DescribeConfigurationRecordersCommand).resolves({ ConfigurationRecorders: [{ name: 'default' }] });
    expect(await answer('AWS Config')).toEqual([
      'partly',
      'recorder default records, 0 rules; missing: all resource types, rules',
    ]);
  });

  test('is off while its recorder is stopped', async () => {
    recorders
      .on(DescribeConfigurationRecorderStatusCommand)
      .resolves({ ConfigurationRecordersStatus: [{ name: 'default', recording: false }] });
    expect(await answer('AWS Config')).toEqual(['off', 'no recorder records, 1 exist']);
  });

  test('is off without a recorder', async () => {
    recorders.on(DescribeConfigurationRecordersCommand).resolves({});
    recorders.on(DescribeConfigurationRecorderStatusCommand).resolves({});
    expect(await answer('AWS Config')).toEqual(['off', 'no recorder records, 0 exist']);
  });
});

describe('Security Hub', () => {
  test.each([
    ['another standard', [standard('arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0', 'READY')]],
    ['a standard that is not ready', [standard(pciStandard, 'INCOMPLETE')]],
  ])('is partly on with %s', async (_, StandardsSubscriptions) => {
    hubs.on(GetEnabledStandardsCommand).resolves({ StandardsSubscriptions });
    expect(await answer('Security Hub')).toEqual(['partly', '1 standards; missing: PCI DSS standard']);
  });

  test('is off where the account has not subscribed', async () => {
    hubs
      .on(GetEnabledStandardsCommand)
      .rejects(new InvalidAccessException({ message: 'not subscribed', $metadata: {} }));
    expect(await answer('Security Hub')).toEqual(['off', 'Security Hub is not enabled']);
  });
});

test('a refused call makes a state unknown', async () => {
  const refusal = Object.assign(new Error('not authorized to perform: guardduty:ListDetectors'), {
    name: 'AccessDeniedException',
    $metadata: {},
  });
  detectors.on(ListDetectorsCommand).rejects(refusal);
  expect(await answer('GuardDuty')).toEqual([
    'unknown',
    'AccessDeniedException: not authorized to perform: guardduty:ListDetectors',
  ]);
  expect((await answer('CloudTrail'))[0]).toBe('on');
});

test('an error that no call made ends the examination', async () => {
  detectors.on(ListDetectorsCommand).rejects(new TypeError('not a function'));
  await expect(examineAccount(['eu-south-2'])).rejects.toThrow('not a function');
});

test('without credentials nothing is examined, and the message names the remedy', async () => {
  const missing = Object.assign(new Error('Could not load credentials from any providers'), {
    name: 'CredentialsProviderError',
  });
  trails.on(DescribeTrailsCommand).rejects(missing);
  await expect(examineAccount(['eu-south-2'])).rejects.toThrow(
    '--account needs credentials of the account: Could not load credentials from any providers. Set AWS_PROFILE, or omit --account to list the duties unexamined.',
  );
});

test('every examined service is a duty, whose answers the report shows', async () => {
  const checks = await examineAccount(['eu-south-2']);
  const duties = accountDutiesOf(new Assembly([]), checks);
  expect(duties.flatMap((duty) => duty.checks)).toEqual(checks.map(({ service: _, ...check }) => check));
  expect(accountDutiesOf(new Assembly([]), []).flatMap((duty) => duty.checks)).toEqual([]);
});
