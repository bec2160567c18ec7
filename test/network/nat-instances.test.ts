import { references } from '../support/dependency-graph';
import { networkTier } from '../support/network-tier';
import { overrides } from '../support/profile-overrides';
import { referenceOf, TemplateResources } from '../support/template-resources';

const stack = networkTier(overrides({ network: { egress: { kind: 'nat-instances', instanceType: 't4g.small' } } }));
const resources = new TemplateResources(stack);
const instances = resources.entries('AWS::EC2::Instance');

test('has one instance in the public subnet of each zone and no NAT gateway', () => {
  resources.template.resourceCountIs('AWS::EC2::NatGateway', 0);
  const subnets = instances.map(([, { Properties }]) => {
    const [networkInterface] = Properties['NetworkInterfaces'] as Record<string, unknown>[];
    expect(networkInterface?.['AssociatePublicIpAddress']).toBe(true);
    return referenceOf(networkInterface?.['SubnetId']);
  });
  const publicSubnets = stack.vpc.publicSubnets.map(({ subnetId }) => referenceOf(stack.resolve(subnetId)));
  expect(subnets).toEqual(publicSubnets);
  for (const [, { Properties }] of instances) {
    expect(Properties).toMatchObject({ InstanceType: 't4g.small', SourceDestCheck: false });
  }
});

test('routes each private subnet through the instance of its own zone', () => {
  const zoneOf = (subnetId: string | undefined) => resources.all[subnetId ?? '']?.Properties['AvailabilityZone'];
  for (const { subnetId, routeTable } of stack.vpc.privateSubnets) {
    const table = referenceOf(stack.resolve(routeTable.routeTableId));
    const [route] = resources
      .properties('AWS::EC2::Route')
      .filter(({ RouteTableId }) => referenceOf(RouteTableId) === table);
    const instance = resources.all[referenceOf(route?.['InstanceId']) ?? '']?.Properties;
    const [{ SubnetId } = {}] = (instance?.['NetworkInterfaces'] ?? []) as Record<string, unknown>[];
    expect(zoneOf(referenceOf(SubnetId))).toEqual(zoneOf(referenceOf(stack.resolve(subnetId))));
    expect(route).toMatchObject({ DestinationCidrBlock: '0.0.0.0/0' });
  }
});

test('uses the latest Amazon Linux AMI for its architecture', () => {
  const parameters = resources.template.toJSON()['Parameters'] as Record<string, Record<string, unknown>>;
  for (const [, { Properties }] of instances) {
    const parameter = parameters[(Properties['ImageId'] as { Ref: string }).Ref];
    expect(parameter).toMatchObject({ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' });
    expect(parameter?.['Default']).toMatch(/\/ami-amazon-linux-latest\/al2023-.*-arm64$/);
  }
});

test('allows no login, requires IMDSv2 and encrypts the volume', () => {
  const [keyId] = resources
    .entries('AWS::KMS::Alias')
    .filter(([, { Properties }]) => Properties['AliasName'] === 'alias/nat-volumes-key-test1')
    .map(([, { Properties }]) => referenceOf(Properties['TargetKeyId']));
  for (const [, { Properties }] of instances) {
    expect(Properties['KeyName']).toBeUndefined();
    expect(Properties).toMatchObject({ MetadataOptions: { HttpTokens: 'required' }, Monitoring: true });
    const [{ Ebs } = { Ebs: {} }] = Properties['BlockDeviceMappings'] as { Ebs: Record<string, unknown> }[];
    expect(Ebs).toMatchObject({ Encrypted: true, DeleteOnTermination: true });
    expect(keyId).toBeDefined();
    expect(referenceOf(Ebs['KmsKeyId'])).toBe(keyId);
  }
});

test('allows only HTTPS from the VPC and HTTPS to the internet', () => {
  const group = resources
    .properties('AWS::EC2::SecurityGroup')
    .find(({ GroupName }) => GroupName === 'nat-security-group-test1');
  const ports = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
  expect(group?.['SecurityGroupIngress']).toMatchObject([{ CidrIp: '10.0.0.0/16', ...ports }]);
  expect(group?.['SecurityGroupEgress']).toMatchObject([{ CidrIp: '0.0.0.0/0', ...ports }]);
});

test('recovers or reboots a failing instance and pages for its loss', () => {
  const alarms = resources.properties('AWS::CloudWatch::Alarm');
  const answers = alarms
    .filter(({ MetricName }) => MetricName)
    .map(({ MetricName, AlarmActions, Dimensions }) => [
      MetricName,
      /automate:.*:ec2:(\w+)/.exec(JSON.stringify(AlarmActions))?.[1],
      referenceOf((Dimensions as { Value: unknown }[])[0]?.Value),
    ]);
  const expected = instances.flatMap(([id]) => [
    ['StatusCheckFailed_System', 'recover', id],
    ['StatusCheckFailed_Instance', 'reboot', id],
  ]);
  expect(answers).toHaveLength(6);
  expect(answers).toEqual(expect.arrayContaining(expected));
  const [loss] = alarms.filter(({ AlarmName }) => AlarmName === 'nat-instances-alarm-test1');
  expect(loss).toMatchObject({ Threshold: 1, AlarmActions: [{ Ref: resources.only('AWS::SNS::Topic')[0] }] });
  expect(references(loss?.['Metrics'])).toEqual(instances.map(([id]) => id));
});

test('lets an instance read packages through the S3 endpoint', () => {
  const [s3] = resources
    .properties('AWS::EC2::VPCEndpoint')
    .filter(({ ServiceName }) => JSON.stringify(ServiceName).includes('.s3'));
  expect(JSON.stringify(s3?.['PolicyDocument'])).toContain(':s3:::al2023-repos-');
  const services = resources.properties('AWS::EC2::VPCEndpoint').map(({ ServiceName }) => JSON.stringify(ServiceName));
  for (const service of ['kms', 'sts', 'monitoring']) expect(services.join()).toMatch(new RegExp(`[.]${service}\\b`));
});
