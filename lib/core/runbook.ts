import type { PlatformSettings } from '../config/platform-settings';
import type { ResourceNames } from './resource-names';

/** Where the person whom an alarm tells reads on. */
export class Runbook {
  /** The address of the dashboard in CloudWatch's console. */
  readonly dashboardUrl: string;
  readonly #url: string | undefined;

  constructor({ region, runbookUrl }: PlatformSettings, names: ResourceNames) {
    const dashboard = names.of('dashboard');
    this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${dashboard}`;
    this.#url = runbookUrl;
  }

  /** The address of a heading; without a `runbookUrl`, which heading of README.md it is. */
  headingOf(alarmId: string): string {
    return this.#url === undefined ? `README.md, heading ${alarmId}` : `${this.#url}#${alarmId}`;
  }

  /**
   * The description of an alarm, which its notifications carry.
   *
   * @throws when CloudWatch would refuse it for its length
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   */
  describe(heading: string, ...sentences: readonly string[]): string {
    const links = [`Dashboard: ${this.dashboardUrl}`, `Runbook: ${this.headingOf(heading)}`];
    const description = [...sentences, ...links].join(' ');
    if (description.length > 1024) {
      throw new Error(
        `The description of ${heading} has ${description.length} characters, but CloudWatch allows 1024.`,
      );
    }
    return description;
  }
}
