import { changedOutputs } from '../../lib/changes/cross-stack-values';
import type { Template } from '../../lib/changes/template-set';

const outputs = (Value: unknown): Template => ({ Outputs: { It: { Value } } });

/** Whether an output with this value changes with the id of the resource `Vpc`. */
const follows = (value: unknown) =>
  changedOutputs('eu-south-2/network', outputs(value), outputs(value), new Set(['Vpc'])).length > 0;

test.each([
  ['Ref', { Ref: 'Vpc' }],
  ['Fn::GetAtt with a list', { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }],
  ['Fn::GetAtt with text', { 'Fn::GetAtt': 'Vpc.CidrBlock' }],
  ['Fn::Sub with a reference', { 'Fn::Sub': 'id of ${Vpc}' }],
  ['Fn::Sub with an attribute', { 'Fn::Sub': 'range of ${Vpc.CidrBlock}' }],
  ['Fn::Sub with a variable', { 'Fn::Sub': ['id of ${Id}', { Id: { Ref: 'Vpc' } }] }],
  ['a function within a function', { 'Fn::Join': ['-', ['id', { Ref: 'Vpc' }]] }],
])('an output follows a replaced resource through %s', (_what, value) => {
  expect(follows(value)).toBe(true);
});

test.each([
  ['a reference to another resource', { Ref: 'Vpc2' }],
  ['an attribute of another resource', { 'Fn::GetAtt': ['Vpc2', 'Vpc'] }],
  ['a literal of Fn::Sub', { 'Fn::Sub': '${!Vpc}' }],
  ['text', 'Vpc'],
])('an output does not follow it through %s', (_what, value) => {
  expect(follows(value)).toBe(false);
});

test('an output with another value changes by itself, under its own name and that of its export', () => {
  const exported = (Value: string) => ({ Outputs: { It: { Value, Export: { Name: 'vpc' } } } }) as Template;
  expect(changedOutputs('eu-south-2/network', exported('a'), exported('b'), new Set())).toEqual([
    'eu-south-2/network.It',
    '"vpc"',
  ]);
});
