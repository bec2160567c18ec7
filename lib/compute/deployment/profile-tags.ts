import { ECSClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  ElasticLoadBalancingV2Client,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceDeploymentProperties } from './deployment-steps-contract';

const ecs = new ECSClient();
const loadBalancing = new ElasticLoadBalancingV2Client();

type TaggedProperties = Pick<ServiceDeploymentProperties, 'ServiceArn' | 'ListenerRuleArn' | 'ProfileTags'>;

/** Sets the tags of the profile on the service and the listener rule. Removes tags that only `old` has. */
export async function applyProfileTags(wanted: TaggedProperties, old: Partial<TaggedProperties> = {}): Promise<void> {
  const { ServiceArn: resourceArn, ListenerRuleArn, ProfileTags } = wanted;
  const tags = Object.entries(ProfileTags);
  const removed = Object.keys(old.ProfileTags ?? {}).filter((key) => !(key in ProfileTags));
  if (tags.length > 0) {
    await ecs.send(new TagResourceCommand({ resourceArn, tags: tags.map(([key, value]) => ({ key, value })) }));
    const Tags = tags.map(([Key, Value]) => ({ Key, Value }));
    await loadBalancing.send(new AddTagsCommand({ ResourceArns: [ListenerRuleArn], Tags }));
  }
  if (removed.length === 0) return;
  await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: removed }));
  await loadBalancing.send(new RemoveTagsCommand({ ResourceArns: [ListenerRuleArn], TagKeys: removed }));
}
