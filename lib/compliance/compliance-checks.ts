import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, PCIDSS321Checks } from 'cdk-nag';

/** The cdk-nag rule packs that every synthesis must pass. */
export function compliancePacks(app: App): [AwsSolutionsChecks, PCIDSS321Checks] {
  return [new AwsSolutionsChecks(app), new PCIDSS321Checks(app)];
}

/** Makes synthesis of `app` fail on each finding that is not accepted. */
export function addComplianceChecks(app: App): void {
  Validations.of(app).addPlugins(...compliancePacks(app));
}
