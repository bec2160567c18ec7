import { networkTier } from '../support/network-tier';
import { overrides } from '../support/profile-overrides';
import { referenceOf, TemplateResources } from '../support/template-resources';

const stack = networkTier();
const resources = new TemplateResources(stack);
const endpoints = resources.properties('AWS::EC2::VPCEndpoint');

/** The name of the service without domain and region. */
const serviceOf = ({ ServiceName }: Readonly<Record<string, unknown>>) =>
  /([a-z0-9]+(\.api|\.dkr)?)"?\]*\}?$/.exec(
    typeof ServiceName === 'string' ? ServiceName : JSON.stringify(ServiceName),
  )?.[1];
const ofType = (type: string) => endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === type);

const thisAccount = { Ref: 'AWS::AccountId' };
const ownPrincipalsOnOwnResources = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: '*',
  Resource: '*',
  Condition: {
    StringEquals: { 'aws:PrincipalAccount': thisAccount },
    StringEqualsIfExists: { 'aws:ResourceAccount': thisAccount },
  },
};
const statements = ({ PolicyDocument }: Readonly<Record<string, unknown>>) =>
  (PolicyDocument as { Statement: unknown[] }).Statement;

test('has endpoints for ECR, CloudWatch Logs, Secrets Manager, S3 and DynamoDB', () => {
  expect(ofType('Interface').map(serviceOf)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager']);
  expect(ofType('Gateway').map(serviceOf)).toEqual(['s3', 'dynamodb']);
});

test('puts interface endpoints into the app subnets with private DNS and their own security group', () => {
  const appSubnets = stack.vpc.selectSubnets(stack.appSubnets).subnetIds.map((id) => stack.resolve(id) as unknown);
  for (const endpoint of ofType('Interface')) {
    expect(endpoint).toMatchObject({ SubnetIds: appSubnets, PrivateDnsEnabled: true });
    const groups = endpoint['SecurityGroupIds'] as unknown[];
    expect(groups.map((group) => resources.all[referenceOf(group) ?? '']?.Properties['GroupName'])).toEqual([
      'endpoint-security-group-test1',
    ]);
  }
});

test('adds gateway endpoints to every route table', () => {
  const tables = resources.entries('AWS::EC2::RouteTable').map(([id]) => id);
  for (const { RouteTableIds } of ofType('Gateway')) {
    expect((RouteTableIds as unknown[]).map(referenceOf).sort()).toEqual([...tables].sort());
  }
});

test('allows principals and resources of this account, and image layers from S3', () => {
  const s3 = endpoints.filter((endpoint) => serviceOf(endpoint) === 's3');
  const others = endpoints.filter((endpoint) => serviceOf(endpoint) !== 's3');
  expect(others).toHaveLength(5);
  for (const endpoint of others) expect(statements(endpoint)).toEqual([ownPrincipalsOnOwnResources]);
  const layers = ['arn:', { Ref: 'AWS::Partition' }, ':s3:::prod-', { Ref: 'AWS::Region' }, '-starport-layer-bucket/*'];
  expect(s3.map(statements)).toEqual([
    [
      ownPrincipalsOnOwnResources,
      { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: { 'Fn::Join': ['', layers] } },
    ],
  ]);
});

test('creates no endpoints without privateEndpoints', () => {
  const without = new TemplateResources(networkTier(overrides({ network: { privateEndpoints: false } })));
  expect(without.entries('AWS::EC2::VPCEndpoint')).toEqual([]);
});
