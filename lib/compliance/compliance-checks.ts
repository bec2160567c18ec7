import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, PCIDSS321Checks } from 'cdk-nag';

/** The rule packs that every synthesis must pass; a finding that nobody accepted ends it. */
export function compliancePacks(app: App): [AwsSolutionsChecks, PCIDSS321Checks] {
  return [new AwsSolutionsChecks(app), new PCIDSS321Checks(app)];
}

/** Makes synthesis of `app` fail on any finding that was not accepted beside its cause. */
export function addComplianceChecks(app: App): void {
  Validations.of(app).addPlugins(...compliancePacks(app));
}
