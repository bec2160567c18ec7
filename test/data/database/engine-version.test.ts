import { builtProfiles, profileContexts } from '../../support/profile-contexts';
import { testPlatform } from '../../support/test-platform';

/**
 * A version that names its minor is kept by the stack; one without is kept by RDS. Where both own it, a stack update after an automatic
 * upgrade attempts a downgrade, which RDS refuses.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html
 */
test.each(builtProfiles)('%s: leaves the engine version to either the stack or RDS', (profile) => {
  const { data } = testPlatform(profileContexts[profile]).templates;
  const clusters = data.properties('AWS::RDS::DBCluster');
  const instances = data.properties('AWS::RDS::DBInstance');
  const [{ EngineVersion: version } = {}] = [...clusters, ...instances].filter((each) => each['EngineVersion']);
  const namesMinor = String(version).includes('.');
  expect(instances.map(({ AutoMinorVersionUpgrade }) => AutoMinorVersionUpgrade)).toEqual(
    instances.map(() => !namesMinor),
  );
  expect(version).toMatch(clusters.length > 0 ? /^17\.\d+$/ : /^17$/);
});
