import { Assembly } from '../../lib/evidence/assembly';
import type { SourceTemplate, StackSource } from '../../lib/evidence/resolve-values';
import { JoinedText, Reference, textOf, UnknownValue } from '../../lib/evidence/values';
import { builtProfiles } from '../support/profile-contexts';
import { testAssembly } from '../support/evidence/test-assembly';

const stack = (id: string, template: SourceTemplate, more: Partial<StackSource> = {}): StackSource => ({
  id,
  name: `${id.toLowerCase()}-stack`,
  region: 'eu-south-2',
  account: '111122223333',
  template,
  ...more,
});

/** The value of one property `Value`, beside a queue, a parameter, a mapping and two conditions. */
function resolved(value: unknown, ...others: StackSource[]): unknown {
  const template = {
    Parameters: {
      Stage: { Type: 'String', Default: 'live' },
      Image: { Type: 'String' },
      Known: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/platform/key' },
      Foreign: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/elsewhere' },
    },
    Mappings: { Sizes: { live: { memory: 512 } } },
    Conditions: {
      IsLive: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] },
      IsOurs: { 'Fn::Equals': [{ Ref: 'Image' }, 'ours'] },
      Either: { 'Fn::Or': [{ Condition: 'IsOurs' }, { Condition: 'IsLive' }] },
      Both: { 'Fn::And': [{ Condition: 'IsOurs' }, { Condition: 'IsLive' }] },
      Neither: { 'Fn::And': [{ 'Fn::Not': [{ Condition: 'IsLive' }] }, { Condition: 'IsOurs' }] },
      NotOurs: { 'Fn::Not': [{ Condition: 'IsOurs' }] },
    },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Probe: { Type: 'Test::Probe', Properties: { Value: value } },
    },
  };
  return new Assembly([stack('Main', template), ...others]).get('Main/Probe').properties['Value'];
}

const queue = { Ref: 'Queue' };
const queueArn = { 'Fn::GetAtt': ['Queue', 'Arn'] };

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a resource', queue, new Reference('Main/Queue', 'Ref')],
    ['Fn::GetAtt as a list', queueArn, new Reference('Main/Queue', 'Arn')],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, new Reference('Main/Queue', 'Arn')],
    ['Ref of a parameter with a default', { Ref: 'Stage' }, 'live'],
    ['Ref of a parameter without one', { Ref: 'Image' }, new UnknownValue('Parameter Image')],
    ['an SSM parameter of no stack', { Ref: 'Foreign' }, new UnknownValue('SSM parameter /elsewhere')],
    ['a region', { Ref: 'AWS::Region' }, 'eu-south-2'],
    ['no value in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['no value in a list', [1, { Ref: 'AWS::NoValue' }], [1]],
    ['no value alone', { Ref: 'AWS::NoValue' }, undefined],
    ['Fn::Join of known text', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 1]] }, 'a-live-1'],
    [
      'Fn::Join of a reference',
      { 'Fn::Join': ['', ['a', queue]] },
      new JoinedText(['a', new Reference('Main/Queue', 'Ref')]),
    ],
    ['Fn::Join of an unknown list', { 'Fn::Join': ['', { Ref: 'Image' }] }, expect.any(UnknownValue)],
    ['Fn::Sub of text', { 'Fn::Sub': '${Stage}/${AWS::Region}/${!kept}' }, 'live/eu-south-2/${kept}'],
    [
      'Fn::Sub of an attribute',
      { 'Fn::Sub': '${Queue.Arn}/*' },
      new JoinedText([new Reference('Main/Queue', 'Arn'), '/*']),
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${name}!', { name: 'x' }] }, 'x!'],
    ['Fn::Split of known text', { 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    [
      'Fn::Split of joined text',
      { 'Fn::Split': ['/', { 'Fn::Join': ['', ['a/b', queue, '/c']] }] },
      ['a', new JoinedText(['b', new Reference('Main/Queue', 'Ref')]), 'c'],
    ],
    ['Fn::Split of a reference', { 'Fn::Split': ['/', queue] }, expect.any(UnknownValue)],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Fn::Select of an unknown list', { 'Fn::Select': [1, { 'Fn::Split': ['/', queue] }] }, expect.any(UnknownValue)],
    ['a zone', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'eu-south-2: zone 1'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 512],
    [
      'Fn::FindInMap of an unknown key',
      { 'Fn::FindInMap': ['Sizes', 'test', 'memory'] },
      new UnknownValue('Mapping Sizes'),
    ],
    ['Fn::Base64', { 'Fn::Base64': 'text' }, 'text'],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: queueArn } }, '{"a":"Main/Queue.Arn"}'],
    ['Fn::If of a known condition', { 'Fn::If': ['IsLive', 1, 2] }, 1],
    ['Fn::If of a negated one', { 'Fn::If': ['Neither', 1, 2] }, 2],
    ['Fn::If of a condition that one side decides', { 'Fn::If': ['Either', 1, 2] }, 1],
    [
      'Fn::If of an unknown condition',
      { 'Fn::If': ['IsOurs', 1, { Ref: 'AWS::NoValue' }] },
      new UnknownValue('Depends on condition IsOurs', [1]),
    ],
    ['Fn::If of an unknown conjunction', { 'Fn::If': ['Both', 1, 2] }, expect.any(UnknownValue)],
    ['Fn::If of an unknown negation', { 'Fn::If': ['NotOurs', 1, 2] }, expect.any(UnknownValue)],
    ['an export that no stack has', { 'Fn::ImportValue': 'none' }, new UnknownValue('Export none')],
    [
      'a function that is not modelled',
      { 'Fn::Cidr': [queue] },
      new UnknownValue('Fn::Cidr', [[new Reference('Main/Queue', 'Ref')]]),
    ],
    [
      'the condition of a policy statement',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('resolves %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each([
    ['a resource', { Ref: 'Nothing' }, 'Main has neither a resource nor a parameter Nothing.'],
    ['an attribute', { 'Fn::GetAtt': ['Nothing', 'Arn'] }, 'Main has no resource Nothing.'],
  ])('refuses a reference to %s that does not exist', (_, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});

describe('references between stacks', () => {
  const producer = stack('Other', {
    Resources: {
      Key: { Type: 'AWS::KMS::Key' },
      Name: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/platform/key', Value: { Ref: 'Key' } } },
    },
    Outputs: { KeyId: { Value: { Ref: 'Key' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Key' } } } },
  });
  const key = new Reference('Other/Key', 'Ref');

  test.each([
    ['an export', { 'Fn::ImportValue': 'other-stack:Key' }],
    ['an output', { 'Fn::GetStackOutput': { StackName: 'other-stack', OutputName: 'KeyId' } }],
    ['an SSM parameter', { Ref: 'Known' }],
  ])('are followed through %s', (_, value) => {
    expect(resolved(value, producer)).toEqual(key);
  });

  test('to an output in another region are followed only there', () => {
    const output = (Region: string) => ({
      'Fn::GetStackOutput': { StackName: 'other-stack', OutputName: 'KeyId', Region },
    });
    const abroad = { ...producer, region: 'us-east-1' };
    expect(resolved(output('us-east-1'), abroad)).toEqual(key);
    expect(resolved(output('eu-south-2'), abroad)).toEqual(new UnknownValue('Output KeyId of other-stack'));
  });

  test('lead into nested stacks and out of them', () => {
    const assembly = new Assembly([
      stack('Main', {
        Resources: {
          Key: { Type: 'AWS::KMS::Key' },
          Inner: { Type: 'AWS::CloudFormation::Stack' },
          User: { Type: 'Test::User', Properties: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Queue'] } } },
        },
      }),
      stack(
        'Main/Inner',
        {
          Parameters: { KeyId: { Type: 'String' } },
          Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'KeyId' } } } },
          Outputs: { Queue: { Value: { Ref: 'Queue' } } },
        },
        { parent: 'Main', arguments: { KeyId: { Ref: 'Key' } } },
      ),
    ]);
    expect(assembly.target(assembly.get('Main/User').properties['Value'])?.key).toBe('Main/Inner/Queue');
    expect(assembly.referrersOf('Main/Key').map(({ key: user }) => user)).toEqual(['Main/Inner/Queue']);
  });
});

test('leaves out resources whose condition is false', () => {
  const assembly = new Assembly([
    stack('Main', {
      Parameters: { Stage: { Type: 'String', Default: 'live' }, Other: { Type: 'String' } },
      Conditions: {
        IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
        IsOther: { 'Fn::Equals': [{ Ref: 'Other' }, 'test'] },
      },
      Resources: {
        Never: { Type: 'AWS::SQS::Queue', Condition: 'IsTest' },
        Maybe: { Type: 'AWS::SQS::Queue', Condition: 'IsOther', DependsOn: 'Always' },
        Always: { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain' },
      },
    }),
  ]);
  expect(assembly.resources.map(({ logicalId }) => logicalId)).toEqual(['Always', 'Maybe']);
  expect(assembly.types).toEqual(['AWS::SNS::Topic', 'AWS::SQS::Queue']);
  expect(assembly.get('Main/Maybe')).toMatchObject({ dependsOn: ['Main/Always'], deletionPolicy: 'Delete' });
  expect(assembly.get('Main/Always')).toMatchObject({ deletionPolicy: 'Retain' });
  expect(() => assembly.get('Main/Never')).toThrow('The assembly has no resource Main/Never.');
});

test('writes references into text', () => {
  const value = { a: [{ 'Fn::Join': ['/', [queueArn, { Ref: 'Image' }]] }] };
  expect(textOf(resolved(value))).toBe('{"a":["Main/Queue.Arn/(Parameter Image)"]}');
  expect(textOf(resolved(queueArn), ({ target }) => `<${target}>`)).toBe('<Main/Queue>');
});

test.each(builtProfiles)('resolves every reference of %s to a resource', (profile) => {
  const assembly = testAssembly(profile);
  const targets = assembly.resources.flatMap((resource) => assembly.referencesOf(resource));
  expect(targets.length).toBeGreaterThan(300);
  expect(() => targets.map(({ target }) => assembly.get(target))).not.toThrow();
  // Each database belongs to a VPC of another stack.
  const [subnets] = assembly.ofType('AWS::RDS::DBSubnetGroup');
  const ids = subnets?.properties['SubnetIds'] as unknown[];
  expect(ids.map((id) => assembly.target(id)?.type)).toEqual(ids.map(() => 'AWS::EC2::Subnet'));
});
