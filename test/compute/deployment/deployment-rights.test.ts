import { computeTier, ownDomain } from '../../support/compute-tier';
import { TemplateResources } from '../../support/template-resources';

const resources = new TemplateResources(computeTier(ownDomain));

/** Logical id of the one resource of a type. */
const idOf = (type: string) => resources.only(type)[0];
const groupId = idOf('AWS::CodeDeploy::DeploymentGroup');

test('allows CodeDeploy only to replace tasks of this service, shift this traffic and pass two roles', () => {
  const changing = resources.statementsOf('code-deploy-role-test1').filter(({ Resource }) => Resource !== '*');
  expect(changing.map(({ Action }) => Action)).toEqual([
    ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet', 'ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'],
    ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
    'iam:PassRole',
  ]);
  expect(changing.at(-1)?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
  const [, role] =
    resources
      .entries('AWS::IAM::Role')
      .find(([, { Properties }]) => Properties['RoleName'] === 'code-deploy-role-test1') ?? [];
  expect(role?.Properties['ManagedPolicyArns']).toBeUndefined();
});

test.each(['deployment-start', 'deployment-wait'])(
  'allows the %s function only to deploy this service, change this rule and read this stack',
  (purpose) => {
    const owned = (Action: string | string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
    const arn = (type: string, ...rest: unknown[]) => ({
      'Fn::Join': ['', ['arn:aws:codedeploy:eu-south-2:', { Ref: 'AWS::AccountId' }, type, ...rest]],
    });
    const application = { Ref: idOf('AWS::CodeDeploy::Application') };
    const rule = { 'Fn::GetAtt': [idOf('AWS::ElasticLoadBalancingV2::ListenerRule'), 'RuleArn'] };
    const statements = resources
      .statementsOf(`${purpose}-role-test1`)
      .filter(
        ({ Action }) => !/^(logs:|ecs:RunTask|ecs:DescribeTasks|iam:PassRole)/.test([Action].flat()[0] as string),
      );
    expect(statements).toEqual([
      owned(['ecs:DescribeServices', 'ecs:TagResource', 'ecs:UntagResource', 'ecs:UpdateService'], {
        Ref: idOf('AWS::ECS::Service'),
      }),
      owned(
        ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment', 'codedeploy:ListDeployments'],
        arn(':deploymentgroup:', application, '/', { Ref: groupId }),
      ),
      owned('codedeploy:GetDeploymentConfig', expect.anything()),
      owned(
        ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
        arn(':application:', application),
      ),
      owned(
        ['elasticloadbalancing:AddTags', 'elasticloadbalancing:ModifyRule', 'elasticloadbalancing:RemoveTags'],
        rule,
      ),
      owned(['codedeploy:StopDeployment', 'elasticloadbalancing:DescribeRules'], '*'),
      owned('cloudformation:DescribeStacks', { Ref: 'AWS::StackId' }),
    ]);
  },
);

test('passes all affected resources to the deployment', () => {
  const [, { Properties }] = resources.only('Custom::EcsDeployment');
  expect(Properties).toMatchObject({
    ClusterArn: { 'Fn::GetAtt': [idOf('AWS::ECS::Cluster'), 'Arn'] },
    ServiceName: { 'Fn::GetAtt': [idOf('AWS::ECS::Service'), 'Name'] },
    ContainerName: 'api',
    ContainerPort: '3000',
    ApplicationName: { Ref: idOf('AWS::CodeDeploy::Application') },
    DeploymentGroupName: { Ref: groupId },
  });
});
