import { ECSClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  ElasticLoadBalancingV2Client,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { applyProfileTags } from '../../../lib/compute/deployment/profile-tags';
import { computeTier, ownDomain } from '../../support/compute-tier';
import { TemplateResources } from '../../support/template-resources';

const ecs = mockClient(ECSClient);
const loadBalancing = mockClient(ElasticLoadBalancingV2Client);

beforeEach(() => {
  ecs.reset();
  loadBalancing.reset();
});

const properties = (ProfileTags: Readonly<Record<string, string>>) => ({
  ServiceArn: 'service-arn',
  ListenerRuleArn: 'rule-arn',
  ProfileTags,
});

const calls = () => [
  ...ecs.commandCalls(TagResourceCommand).map(({ args }) => args[0].input),
  ...ecs.commandCalls(UntagResourceCommand).map(({ args }) => args[0].input),
  ...loadBalancing.commandCalls(AddTagsCommand).map(({ args }) => args[0].input),
  ...loadBalancing.commandCalls(RemoveTagsCommand).map(({ args }) => args[0].input),
];

test('tags the service and the listener rule', async () => {
  await applyProfileTags(properties({ CostCenter: 'payments' }));
  expect(calls()).toEqual([
    { resourceArn: 'service-arn', tags: [{ key: 'CostCenter', value: 'payments' }] },
    { ResourceArns: ['rule-arn'], Tags: [{ Key: 'CostCenter', Value: 'payments' }] },
  ]);
});

test('removes a tag that the profile no longer has', async () => {
  await applyProfileTags(properties({}), properties({ CostCenter: 'payments' }));
  expect(calls()).toEqual([
    { resourceArn: 'service-arn', tagKeys: ['CostCenter'] },
    { ResourceArns: ['rule-arn'], TagKeys: ['CostCenter'] },
  ]);
});

describe('in the templates', () => {
  const stack = computeTier(ownDomain);
  const resources = new TemplateResources(stack);

  test('do not set tags of the profile on service and rule', () => {
    for (const type of ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule']) {
      expect(resources.only(type)[1].Properties['Tags']).toEqual([
        { Key: 'Name', Value: expect.stringMatching(/-test1$/) as string },
      ]);
    }
    // CloudFormation passes the tags of a stack on to its resources.
    expect(stack.tags.tagValues()).toEqual({});
  });

  test('pass the tags to the deployment step and propagate those of the task definition', () => {
    const tags = { Environment: 'production', CostCenter: 'payments', ManagedBy: 'cdk' };
    expect(resources.only('Custom::EcsDeployment')[1].Properties['ProfileTags']).toEqual(tags);
    expect(resources.only('AWS::ECS::Service')[1].Properties['PropagateTags']).toBe('TASK_DEFINITION');
    for (const task of resources.properties('AWS::ECS::TaskDefinition')) {
      for (const [Key, Value] of Object.entries(tags)) expect(task['Tags']).toContainEqual({ Key, Value });
    }
  });
});
