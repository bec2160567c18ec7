import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { evidenceArguments } from '../../bin/evidence-arguments';
import { Assembly } from '../../lib/evidence/assembly';
import { type Evidence, evidenceOf } from '../../lib/evidence/evidence';
import { evidenceJsonSchema } from '../../lib/evidence/evidence-schema';
import { acceptedFindingsIn } from '../../lib/evidence/pci/accepted-findings';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { evidencePage } from '../../lib/evidence/report/page';
import { unknownTypes } from '../../lib/evidence/resource-types';
import { faultyFolder } from '../support/evidence/faulty';
import { testAssembly, testSources } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

const inputs = { acceptedFindings: [], rate: 10 };
const faulty = evidenceOf(readAssembly(faultyFolder), {
  ...inputs,
  acceptedFindings: acceptedFindingsIn(faultyFolder),
});
const schemaFile = join(__dirname, '../../lib/evidence/evidence.schema.json');
const matchesSchema = new Ajv().compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
const asFile = (evidence: Evidence) => JSON.parse(JSON.stringify(evidence)) as unknown;

test('ships the schema of its JSON', () => {
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(evidenceJsonSchema()));
});

describe.each(builtProfiles)('%s', (profile) => {
  const evidence = evidenceOf(testAssembly(profile), inputs);

  test('has only resources of known types and records its profile', () => {
    expect(evidence.unknownTypes).toEqual([]);
    expect(evidence.profile).toBe(profile);
  });

  test('matches the schema', () => {
    matchesSchema(asFile(evidence));
    expect(matchesSchema.errors).toBeNull();
  });

  test('is the same whatever the order of the templates', () => {
    const reversed = testSources(profile).map((source) => ({
      ...source,
      template: {
        ...source.template,
        Resources: Object.fromEntries(Object.entries(source.template.Resources ?? {}).reverse()),
      },
    }));
    const again = evidenceOf(new Assembly(reversed.reverse()), inputs);
    expect(evidencePage(again, '')).toBe(evidencePage(evidence, ''));
  });
});

describe('an assembly with faults', () => {
  test('is incomplete while it has types that nothing examines', () => {
    expect(faulty.unknownTypes).toEqual(['AWS::DynamoDB::Table']);
    expect(evidencePage(faulty, '')).toContain('Nothing examines these types: AWS::DynamoDB::Table.');
  });

  test('matches the schema', () => {
    matchesSchema(asFile(faulty));
    expect(matchesSchema.errors).toBeNull();
  });

  test('shows no claim whose subject it has', () => {
    const held = faulty.claims.filter(({ status }) => status !== 'not shown').map(({ id }) => id);
    expect(held).toEqual([]);
  });

  test.each([
    ['internet-enters-by-https', 'Shop/Open', 'inbound: tcp 5432 0.0.0.0/0'],
    ['internet-left-by-https', 'Shop/Open', 'outbound: all traffic, because the template has no rule'],
    ['database-subnets-private', 'Shop/Subnets', 'route to the internet gateway: Shop/Subnet'],
    ['no-vendor-defaults', 'Shop/Database', 'MasterUsername: postgres, password in the template'],
    ['buckets-encrypted', 'Shop/Files', 'not set'],
    ['policies-not-unlimited', 'Shop/Role', '1 statements, 1 unlimited'],
    ['roles-for-services', 'Shop/Admin', 'the assembly creates an AWS::IAM::User'],
    ['traffic-logged', 'Shop/Network', 'no flow log of all traffic'],
  ])('refutes %s by %s', (claim, resource, detail) => {
    const observations = faulty.claims.find(({ id }) => id === claim)?.observations;
    expect(observations).toContainEqual({ resource, holds: false, detail });
  });

  test('has no profile and no accepted findings', () => {
    expect(faulty.profile).toBeNull();
    expect(faulty.acceptedFindings).toEqual([]);
  });
});

test('shows what the account answers, and which duties nobody examined', () => {
  const accountChecks = [{ service: 'GuardDuty', region: 'eu-south-2', state: 'off', detail: 'no detector' }] as const;
  const page = evidencePage(evidenceOf(readAssembly(faultyFolder), { ...inputs, accountChecks }), '');
  expect(page).toContain('<span class="mark bad">off</span> eu-south-2: no detector');
  expect(page).toContain('<span class="mark open">not examined</span>');
});

test('escapes what templates contain', () => {
  const page = evidencePage({ ...faulty, unknownTypes: ['<script>alert("x")</script>'] }, '');
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
});

test('a type that nobody knows is unknown', () => {
  expect(unknownTypes(['AWS::S3::Bucket', 'AWS::EC2::EIP', 'AWS::New::Thing'])).toEqual(['AWS::New::Thing']);
});

describe('arguments', () => {
  test('are context, or the folder of an assembly', () => {
    expect(evidenceArguments(['-c', 'profile=partner', '--context', 'environmentSuffix=pr1'])).toEqual({
      context: ['profile=partner', 'environmentSuffix=pr1'],
      assembly: undefined,
      rate: 10,
      account: false,
      output: 'evidence',
    });
    expect(evidenceArguments(['--assembly', 'cdk.out', '--account', '-o', 'out'])).toMatchObject({
      assembly: 'cdk.out',
      account: true,
      output: 'out',
    });
  });

  test('refuse context beside an assembly', () => {
    expect(() => evidenceArguments(['--assembly', 'cdk.out', '-c', 'profile=partner'])).toThrow(
      '--assembly cdk.out is already synthesized, so -c profile=partner has no effect. Omit one of them.',
    );
  });

  test.each(['-1', 'many', '1000000'])('refuse the rate %s', (rate) => {
    expect(() => evidenceArguments([`--rate=${rate}`])).toThrow(
      `--rate is ${rate}. Pass payments a second, from 0 to 100000.`,
    );
  });

  test('refuse unknown options', () => {
    expect(() => evidenceArguments(['--colour'])).toThrow("Unknown option '--colour'");
  });
});
