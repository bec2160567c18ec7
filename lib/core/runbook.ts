import type { PlatformSettings } from '../config/platform-settings';
import type { ResourceNames } from './resource-names';

/** The path of the runbook in the repository. */
const runbookPath = 'lib/observability/RUNBOOK.md';

/** Links from alarms to the dashboard and to their entries in the runbook. */
export class Runbook {
  /** The URL of the dashboard in the CloudWatch console. */
  readonly dashboardUrl: string;
  readonly #url: string | undefined;

  constructor({ region, runbookUrl }: PlatformSettings, names: ResourceNames) {
    const dashboard = names.of('dashboard');
    this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${dashboard}`;
    this.#url = runbookUrl;
  }

  /** The URL of a heading in the runbook. Without a `runbookUrl`, the path of the page and the heading. */
  headingOf(alarmId: string): string {
    return this.#url === undefined ? `${runbookPath}, heading ${alarmId}` : `${this.#url}#${alarmId}`;
  }

  /**
   * Builds the description of an alarm, which its notifications contain.
   *
   * @throws Error when it is longer than CloudWatch allows
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   */
  describe(heading: string, ...sentences: readonly string[]): string {
    const links = [`Dashboard: ${this.dashboardUrl}`, `Runbook: ${this.headingOf(heading)}`];
    const description = [...sentences, ...links].join(' ');
    if (description.length > 1024) {
      throw new Error(
        `The description of ${heading} has ${description.length} characters, and CloudWatch allows 1024. Shorten it.`,
      );
    }
    return description;
  }
}
