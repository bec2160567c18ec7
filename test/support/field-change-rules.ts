import { mayBeReplaced } from '../../lib/changes/compare-templates';
import { fieldChangeTable } from '../../lib/changes/field-changes';
import { settingsIn } from '../../lib/changes/changed-settings';
import type { TemplateSet } from '../../lib/changes/template-set';
import type { ProfileName } from '../../lib/config/deployment-profile';
import { describedChanges, type FieldChange, fieldChanges } from './changes';

/** Types that an accepted change must not replace. */
const stateful = ['RDS::DBCluster', 'RDS::DBInstance', 'S3::Bucket', 'KMS::Key', 'ECR::Repository'];
/** Types that CloudFormation must not update, even in place. */
const service = 'AWS::ECS::Service';
const traffic = ['TargetGroup', 'Listener', 'ListenerRule'].map((type) => `AWS::ElasticLoadBalancingV2::${type}`);

/** Tests the table of a profile against its templates, and the rules for changes of existing environments. */
export function testFieldChanges(profile: ProfileName): void {
  const { current, changes } = fieldChanges(profile);
  const accepted = changes.filter(
    ({ classification }) =>
      !['not changeable', 'another environment'].includes(classification?.changeClass ?? 'not changeable'),
  );

  test('the table says what a change of each setting does; `npm run changes` renews it', () => {
    expect(fieldChangeTable[profile]).toEqual(describedChanges({ current, changes }));
  });

  test('no accepted change updates the CodeDeploy service, or replaces what carries its traffic', () => {
    expect(accepted.length).toBeGreaterThan(35);
    for (const change of accepted) {
      const { field, next } = change;
      expect([field, resourcesOf(next, service)]).toEqual([field, resourcesOf(current, service)]);
      expect([field, ...replacedTypes(change, traffic)]).toEqual([field]);
    }
  });

  test('an accepted change of a listener or rule is followed by Custom::ListenerTraffic', () => {
    const isChanged = ({ next }: FieldChange, type: string) =>
      JSON.stringify(resourcesOf(next, type)) !== JSON.stringify(resourcesOf(current, type));
    const rule = 'AWS::ElasticLoadBalancingV2::ListenerRule';
    const unfollowed = accepted.filter(
      (change) => isChanged(change, rule) && !isChanged(change, 'Custom::ListenerTraffic'),
    );
    expect(unfollowed.map(({ field }) => field)).toEqual([]);
  });

  test('no accepted change replaces a database, bucket, key or repository', () => {
    const types = stateful.map((type) => `AWS::${type}`);
    const replaced = accepted.map((change) => [change.field, ...replacedTypes(change, types)]);
    expect(replaced.filter(([, ...names]) => names.length > 0)).toEqual([]);
  });

  test('the templates record the settings of their deployment', () => {
    expect(settingsIn(current)).toMatchObject({ profile, 'network.cidr': expect.any(String) as string });
  });
}

function resourcesOf(templates: TemplateSet | undefined, type: string): unknown[] {
  return Object.values(templates ?? {}).flatMap(({ Resources = {} }) =>
    Object.entries(Resources).filter(([, resource]) => resource.Type === type),
  );
}

function replacedTypes({ classification }: FieldChange, types: readonly string[]): string[] {
  return (classification?.changes ?? [])
    .filter((change) => mayBeReplaced(change) && types.includes(change.difference.oldResourceType ?? ''))
    .map(({ logicalId }) => logicalId);
}
