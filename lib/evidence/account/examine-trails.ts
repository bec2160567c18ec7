import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { type DutyState, stateOf } from './duty-check';

/**
 * Whether CloudTrail records a region. Trails of other regions and of the organization count if they cover it.
 *
 * How long the files are kept, and in which account, is a setting of the bucket, which may belong to another account.
 */
export async function examineTrails(region: string): Promise<DutyState> {
  const { trailList = [] } = await new CloudTrailClient({ region }).send(new DescribeTrailsCommand({}));
  const isLogging = async ({ TrailARN, HomeRegion = region }: Trail) => {
    const home = new CloudTrailClient({ region: HomeRegion });
    return (await home.send(new GetTrailStatusCommand({ Name: TrailARN }))).IsLogging === true;
  };
  const logging = await Promise.all(trailList.map(async (trail) => ({ trail, isLogging: await isLogging(trail) })));
  const trails = logging.filter((each) => each.isLogging).map(({ trail }) => trail);
  const states = trails.map(({ Name = '', IsMultiRegionTrail, LogFileValidationEnabled, IncludeGlobalServiceEvents }) =>
    stateOf(`trail ${Name} records`, {
      'all regions': IsMultiRegionTrail === true,
      'log file validation': LogFileValidationEnabled === true,
      'events of global services': IncludeGlobalServiceEvents === true,
    }),
  );
  const off: DutyState = { state: 'off', detail: `no trail records, ${trailList.length} exist` };
  return states.find(({ state }) => state === 'on') ?? states[0] ?? off;
}
