import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { acceptedFindings } from '../lib/compliance/accepted-findings';
import { compliancePacks } from '../lib/compliance/compliance-checks';
import { loadSettings } from '../lib/config/load-settings';
import { createPlatform } from '../lib/platform';
import { profiles } from '../lib/profiles';

/*
 * `npm run findings [-- key=value …]` prints all accepted findings with their construct, reason and compensating control, for auditors.
 * Exits with 1 if there are findings that are not accepted.
 */

const context = Object.fromEntries(
  process.argv.slice(2).map((argument) => argument.split(/=(.*)/s).slice(0, 2) as [string, string]),
);
const app = new App({ context: { ...cdkJson.context, environmentSuffix: 'audit', ...context } });
createPlatform(
  app,
  loadSettings({ context: { environmentSuffix: 'audit', ...context }, profiles, cliAccount: undefined }),
);

const accepted = acceptedFindings(app);
for (const { path, rule, reason, compensatingControl } of accepted) {
  console.log(`${rule}\n  at       ${path}\n  because  ${reason}\n  instead  ${compensatingControl}\n`);
}
const open = compliancePacks(app).flatMap((pack) => pack.validateScope(app).violations);
for (const { ruleName, description, violatingResources } of open) {
  console.error(
    `OPEN ${ruleName}: ${description}\n  ${violatingResources.map(({ constructPath }) => constructPath ?? '?').join('\n  ')}`,
  );
}
console.log(`${accepted.length} accepted findings, ${open.length} open`);
process.exit(open.length === 0 ? 0 : 1);
