import { DependencyGraph } from '../support/dependency-graph';
import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { logGroupsOf } from '../support/service-log-groups';
import { referenceOf, type TemplateResources } from '../support/template-resources';
import { testPlatform } from '../support/test-platform';

/** The declared log group of this name, which is a text, or a reference to the group itself. */
function declared(resources: TemplateResources, name: unknown): string | undefined {
  const groups = resources.entries('AWS::Logs::LogGroup');
  const [id] =
    groups.find(([, { Properties }]) => JSON.stringify(Properties['LogGroupName']) === JSON.stringify(name)) ??
    groups.find(([group]) => group === referenceOf(name)) ??
    [];
  return id;
}

test.each(builtProfiles)('%s: declares each log group that a service would create, before the service', (profile) => {
  const problems = testPlatform(profileContexts[profile]).all.flatMap(({ tier, resources }) => {
    const graph = new DependencyGraph(resources);
    return Object.entries(resources.all).flatMap(([id, resource]) =>
      logGroupsOf(resource, id).flatMap((name) => {
        const what = `${tier}: ${resource.Type} ${id}`;
        const group = declared(resources, name);
        if (group === undefined) return [`${what} makes the log group ${JSON.stringify(name)}`];
        if (!graph.before(id).has(group)) return [`${what} does not wait for ${group}`];
        const { Properties, DeletionPolicy } = resources.all[group] ?? {};
        const kept = Properties?.['KmsKeyId'] && Properties['RetentionInDays'] && DeletionPolicy === 'Delete';
        return kept ? [] : [`${what} writes into ${group}, which lacks key, retention or deletion`];
      }),
    );
  });
  expect(problems).toEqual([]);
});
