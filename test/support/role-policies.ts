import { references } from './dependency-graph';
import { referenceOf, type TemplateResource, type TemplateResources } from './template-resources';

/** The policies of a template that are attached to a role, inline ones included. */
export function policiesOf(resources: TemplateResources, roleId: string): string[] {
  return ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => resources.entries(type))
    .filter(([, { Properties }]) => references(Properties['Roles']).includes(roleId))
    .map(([id]) => id);
}

type RolesOf = (properties: TemplateResource['Properties'], resources: TemplateResources) => (string | undefined)[];

const valueAt = (properties: unknown, path: string) =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], properties);

const listAt = (properties: unknown, path: string) => (valueAt(properties, path) ?? []) as unknown[];

const roleAt =
  (path: string): RolesOf =>
  (properties) => [referenceOf(valueAt(properties, path))];

/** The role of the function that a property names. */
const roleOfFunctionAt =
  (path: string): RolesOf =>
  (properties, resources) =>
    references(valueAt(properties, path)).flatMap((id) => rolesOfFunction(resources, id));

function rolesOfFunction(resources: TemplateResources, id: string): string[] {
  const { Type, Properties } = resources.all[id] ?? { Type: '', Properties: {} };
  if (Type !== 'AWS::Lambda::Function') return [];
  return references(Properties['Role']);
}

/** CDK's provider framework calls our handlers, whose names it has in its environment. */
const rolesOfProvider: RolesOf = ({ ServiceToken }, resources) =>
  references(ServiceToken).flatMap((id) => {
    const environment = resources.all[id]?.Properties['Environment'];
    const handlers = references(environment).filter((named) => resources.all[named]?.Type === 'AWS::Lambda::Function');
    return [id, ...handlers].flatMap((named) => rolesOfFunction(resources, named));
  });

/**
 * The types whose service uses a role while the resource is created, and whose creation fails where the role's policies are not attached
 * yet; with the place of the role, and where AWS says so.
 */
const triedAtCreation: Readonly<Record<string, RolesOf>> = {
  // A test message is sent to the destination: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
  'AWS::Logs::SubscriptionFilter': roleAt('RoleArn'),
  // The execution role must be able to read the source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  'AWS::Lambda::EventSourceMapping': roleOfFunctionAt('FunctionName'),
  // The role must be able to send to the destination: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
  'AWS::Lambda::EventInvokeConfig': roleOfFunctionAt('FunctionName'),
  // Creating the stream checks access to the bucket: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
  'AWS::KinesisFirehose::DeliveryStream': roleAt('ExtendedS3DestinationConfiguration.RoleARN'),
  // The first rotation begins when the schedule is set: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  'AWS::SecretsManager::RotationSchedule': roleOfFunctionAt('RotationLambdaARN'),
  // Access to the log group is checked: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  'AWS::StepFunctions::StateMachine': roleAt('RoleArn'),
  // Access to service, listener and target groups is checked: https://docs.aws.amazon.com/codedeploy/latest/userguide/error-codes.html
  'AWS::CodeDeploy::DeploymentGroup': roleAt('ServiceRoleArn'),
  // ECS invokes the hooks and moves traffic while the service is created: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
  'AWS::ECS::Service': (properties) =>
    [
      ...listAt(properties, 'LoadBalancers').map((balancer) => valueAt(balancer, 'AdvancedConfiguration.RoleArn')),
      ...listAt(properties, 'DeploymentConfiguration.LifecycleHooks').map((hook) => valueAt(hook, 'RoleArn')),
    ].map(referenceOf),
  // API Gateway checks that the role may write logs: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
  'AWS::ApiGateway::Account': roleAt('CloudWatchRoleArn'),
};

/** The roles that are used while a resource is created. */
export function rolesTriedBy(resources: TemplateResources, { Type, Properties }: TemplateResource): string[] {
  const isCustom = Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource';
  const needsNetworkInterface = Type === 'AWS::Lambda::Function' && Properties['VpcConfig'] !== undefined;
  const rolesOf =
    triedAtCreation[Type] ?? (isCustom ? rolesOfProvider : needsNetworkInterface ? roleAt('Role') : () => []);
  return rolesOf(Properties, resources).filter((role) => role !== undefined);
}
