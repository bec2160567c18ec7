import 'source-map-support/register';
import { App } from 'aws-cdk-lib';
import { addComplianceChecks } from '../lib/compliance/compliance-checks';
import { ConfigurationError } from '../lib/config/configuration-error';
import { loadSettings } from '../lib/config/load-settings';
import { createPlatform } from '../lib/platform';
import { profiles } from '../lib/profiles';

const app = new App();
try {
  const context = app.node.getAllContext() as Record<string, unknown>;
  createPlatform(app, loadSettings({ context, profiles, cliAccount: process.env['CDK_DEFAULT_ACCOUNT'] }));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exit(1);
}
addComplianceChecks(app);
