import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readAssembly } from '../../lib/evidence/read-assembly';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-assembly-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (path: string, content: unknown) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
};

const artifact = (templateFile: string, environment: string, more = {}) => ({
  type: 'aws:cloudformation:stack',
  environment,
  properties: { templateFile, ...more },
});

test('reads stacks, nested stacks and stages', () => {
  write('manifest.json', {
    artifacts: {
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      Main: artifact('Main.template.json', 'aws://111122223333/eu-south-2', { stackName: 'main-live' }),
      Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'stage' } },
    },
  });
  write('Main.template.json', {
    Resources: {
      Key: { Type: 'AWS::KMS::Key' },
      Inner: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { Parameters: { Key: { Ref: 'Key' } } },
        Metadata: { 'aws:asset:path': 'inner.json' },
      },
      // The template of this one is somewhere else.
      Foreign: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/a.json' } },
    },
  });
  write('inner.json', {
    Parameters: { Key: { Type: 'String' } },
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'Key' } } } },
  });
  write('stage/manifest.json', {
    artifacts: { Other: { ...artifact('o.json', 'aws://unknown-account/unknown-region'), displayName: 'Stage/Other' } },
  });
  write('stage/o.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });

  const assembly = readAssembly(folder);
  expect(assembly.stacks).toMatchObject([
    { id: 'Main', name: 'main-live', region: 'eu-south-2', account: '111122223333' },
    { id: 'Main/Inner', name: 'main-live-Inner', region: 'eu-south-2' },
    { id: 'Stage/Other', name: 'Other', region: 'REGION', account: 'ACCOUNT' },
  ]);
  expect(assembly.resources.map(({ key }) => key)).toEqual([
    'Main/Foreign',
    'Main/Inner',
    'Main/Inner/Queue',
    'Main/Key',
    'Stage/Other/Topic',
  ]);
  expect(assembly.target(assembly.get('Main/Inner/Queue').properties['KmsMasterKeyId'])?.key).toBe('Main/Key');
});

test('refuses a folder that is no assembly', () => {
  expect(() => readAssembly(folder)).toThrow(`${folder} is no cloud assembly: it has no manifest.json.`);
});

test('refuses an assembly without stacks', () => {
  write('manifest.json', { artifacts: {} });
  expect(() => readAssembly(folder)).toThrow(`${folder} holds no stacks.`);
});
