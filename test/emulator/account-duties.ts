import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateDetectorCommand, type DetectorFeatureConfiguration, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchEnableStandardsCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Evidence } from '../../lib/evidence/evidence';
import { Cli, succeeded } from './cli';
import { Emulator } from './emulator';
import type { Access } from './mutations';

/** The region whose controls are complete, and the one where something is missing. */
const [complete, partial] = ['us-east-1', 'us-west-2'];
const services = ['CloudTrail', 'GuardDuty', 'AWS Config', 'Security Hub'];
const bucket = 'audit-logs';

/**
 * `npm run evidence -- --account` against an account without controls, and against one with some of them.
 *
 * @throws which state it does not show
 */
export async function accountDuties(): Promise<string> {
  const emulator = await Emulator.start();
  const folder = mkdtempSync(join(tmpdir(), 'account-duties-'));
  try {
    const examine = async () => statesOf(await evidenceOf(new Cli(emulator.environment), folder));
    const before = await examine();
    await switchOn({ endpoint: emulator.endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    const after = await examine();
    // A trail of all regions covers the second, too.
    const expected = services.map((service) => [service, 'on', service === 'CloudTrail' ? 'on' : 'partly']);
    mustEqual(
      before,
      services.map((service) => [service, 'off', 'off']),
    );
    mustEqual(after, expected);
    return `${services.length} services off, partly on and on`;
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command over an assembly with a stack in each region. */
async function evidenceOf(cli: Cli, folder: string): Promise<Evidence> {
  const assembly = join(folder, 'assembly');
  mkdirSync(assembly, { recursive: true });
  const artifacts = Object.fromEntries(
    [complete, partial].map((region) => [
      region,
      {
        type: 'aws:cloudformation:stack',
        environment: `aws://unknown-account/${region}`,
        properties: { templateFile: 'empty.template.json' },
      },
    ]),
  );
  writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ version: '40.0.0', artifacts }));
  writeFileSync(join(assembly, 'empty.template.json'), JSON.stringify({ Resources: {} }));
  succeeded(await cli.script('bin/evidence.ts', '--assembly', assembly, '--account', '-o', folder));
  return JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8')) as Evidence;
}

/** The services with their states, in the order of the regions. */
function statesOf({ accountDuties: duties }: Evidence): string[][] {
  return duties
    .filter(({ checks }) => checks.length > 0)
    .map(({ service, checks }) => [service, ...checks.map(({ state }) => state)]);
}

function mustEqual(found: string[][], expected: string[][]): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`The report says ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}.`);
}

async function switchOn(access: Access): Promise<void> {
  await new S3Client({ region: complete, forcePathStyle: true, ...access }).send(
    new CreateBucketCommand({ Bucket: bucket }),
  );
  const trails = new CloudTrailClient({ region: complete, ...access });
  await trails.send(
    new CreateTrailCommand({
      Name: 'audit',
      S3BucketName: bucket,
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      IncludeGlobalServiceEvents: true,
    }),
  );
  await trails.send(new StartLoggingCommand({ Name: 'audit' }));
  await switchOnIn(complete, access, true);
  await switchOnIn(partial, access, false);
}

/** @param isComplete - without, each service lacks something that the duties name */
async function switchOnIn(region: string | undefined, access: Access, isComplete: boolean): Promise<void> {
  const features: DetectorFeatureConfiguration[] = [
    { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
    { Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' },
    { Name: 'LAMBDA_NETWORK_LOGS', Status: isComplete ? 'ENABLED' : 'DISABLED' },
    {
      Name: 'RUNTIME_MONITORING',
      Status: 'ENABLED',
      AdditionalConfiguration: [{ Name: 'ECS_FARGATE_AGENT_MANAGEMENT', Status: 'ENABLED' }],
    },
  ];
  await new GuardDutyClient({ region, ...access }).send(
    new CreateDetectorCommand({ Enable: true, Features: features }),
  );
  const config = new ConfigServiceClient({ region, ...access });
  const recorder = { name: 'default', roleARN: 'arn:aws:iam::123456789012:role/config' };
  await config.send(
    new PutConfigurationRecorderCommand({
      ConfigurationRecorder: { ...recorder, recordingGroup: { allSupported: true, includeGlobalResourceTypes: true } },
    }),
  );
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: bucket } }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  const hub = new SecurityHubClient({ region, ...access });
  await hub.send(new EnableSecurityHubCommand({ EnableDefaultStandards: false }));
  if (!isComplete) return;
  const Source = { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' } as const;
  await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName: 'encryption', Source } }));
  const StandardsArn = `arn:aws:securityhub:${region ?? ''}::standards/pci-dss/v/4.0.1`;
  await hub.send(new BatchEnableStandardsCommand({ StandardsSubscriptionRequests: [{ StandardsArn }] }));
}
