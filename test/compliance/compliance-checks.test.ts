import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib';
import { addComplianceChecks } from '../../lib/compliance/compliance-checks';
import { testApp } from '../support/test-app';

test('a finding that nobody accepted fails the synthesis', () => {
  const app = testApp();
  new CfnBucket(new Stack(app, 'Stack'), 'Open');
  addComplianceChecks(app);
  expect(() => app.synth()).toThrow(/AwsSolutions-S1\b/);
});
