import { HandlerFunction } from '../../lib/constructs/handler-function';
import { contextsWithEveryPart } from '../support/every-part';
import { overrides } from '../support/profile-overrides';
import { iamActionOf } from '../support/sdk/iam-actions';
import { entryPointOf } from '../support/sdk/programs';
import { sdkCallsOf } from '../support/sdk/sdk-calls';
import { type SynthesizedStack, testPlatform } from '../support/test-platform';

/** Functions that stay outside the VPC, by logical id, and why. */
const outside: readonly (readonly [id: RegExp, reason: string])[] = [
  [/^CustomS3AutoDeleteObjects/, 'CDK’s own, and CDK offers no place for it; it empties the buckets of its stack.'],
  [/^CustomVpcRestrictDefaultSG/, 'CDK’s own; it is part of the network, before there is an endpoint.'],
  [/^EntranceAccountLogging/, 'The control planes of API Gateway and IAM have no endpoint in most regions.'],
  [/^EntranceTruststore/, 'The control plane of API Gateway has no endpoint in most regions.'],
  [/^AvailabilityProbe/, 'It asks the public addresses from where clients are: outside.'],
  [/^CanaryFunction/, 'It makes payments from where merchants are: outside.'],
];

const metered = Object.entries(contextsWithEveryPart).filter(([name]) => name.startsWith('metered'));

const isPrivate = ({ Properties }: { Properties: Readonly<Record<string, unknown>> }) => 'VpcConfig' in Properties;
const functionsOf = (all: readonly SynthesizedStack[]) =>
  all.flatMap(({ resources }) => resources.entries('AWS::Lambda::Function'));

describe.each(metered)('%s', (_, context) => {
  const { all, stacks, templates } = testPlatform(context);

  test('runs every function in the private subnets unless it has a listed reason', () => {
    const functions = functionsOf(all);
    expect(functions.filter(([, resource]) => isPrivate(resource)).length).toBeGreaterThan(9);
    const unexplained = functions
      .filter(([id, resource]) => !isPrivate(resource) && !outside.some(([pattern]) => pattern.test(id)))
      .map(([id]) => id);
    expect(unexplained).toEqual([]);
  });

  test('has a VPC endpoint for every API that a private function calls', () => {
    const offered = JSON.stringify(
      templates.network.properties('AWS::EC2::VPCEndpoint').map(({ ServiceName }) => ServiceName),
    );
    const handlers = stacks.stacks.flatMap((stack) =>
      stack.node.findAll().filter((each) => each instanceof HandlerFunction),
    );
    const called = handlers
      .filter(({ function: lambda }) => lambda.isBoundToVpc)
      .flatMap((handler) => sdkCallsOf(entryPointOf(handler)))
      // The signer of tokens calls nothing.
      .filter(({ client }) => client !== 'rds-signer')
      // IAM and endpoints use the same names of services.
      .map((call) => iamActionOf(call).split(':')[0]);
    // CDK's provider framework invokes our functions, and waits in a state machine.
    const needed = new Set([...called, 'lambda', 'states'].filter((service) => service !== undefined));
    expect(needed.size).toBeGreaterThan(5);
    expect([...needed].filter((service) => !new RegExp(`[."]${service}"`).test(offered))).toEqual([]);
  });

  test('lets custom resources respond to CloudFormation through the S3 endpoint', () => {
    const s3 = templates.network
      .properties('AWS::EC2::VPCEndpoint')
      .find(({ ServiceName }) => /"\.s3"/.test(JSON.stringify(ServiceName)));
    expect(JSON.stringify(s3?.['PolicyDocument'])).toContain(
      ':s3:::cloudformation-custom-resource-response-apsoutheast1/*',
    );
  });
});

test('has no unused reason', () => {
  const variants = [
    ...metered.map(([, context]) => context),
    { ...contextsWithEveryPart['partner'], ...overrides({ network: { functionPlacement: 'private-subnets' } }) },
  ];
  const ids = variants
    .flatMap((context) => functionsOf(testPlatform(context).all))
    .filter(([, resource]) => !isPrivate(resource))
    .map(([id]) => id);
  expect(outside.filter(([pattern]) => !ids.some((id) => pattern.test(id)))).toEqual([]);
});
