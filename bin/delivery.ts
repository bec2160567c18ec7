import 'source-map-support/register';
import { App } from 'aws-cdk-lib';
import { addComplianceChecks } from '../lib/compliance/compliance-checks';
import { ConfigurationError } from '../lib/config/configuration-error';
import { readDeliveryInputs } from '../lib/delivery/delivery-inputs';
import { DeliveryStack } from '../lib/delivery/delivery-stack';

/* The app of `npm run delivery`: the roles that the workflows of one GitHub repository assume. An administrator deploys it once. */

const app = new App();
try {
  new DeliveryStack(app, 'Delivery', readDeliveryInputs(app.node.getAllContext() as Record<string, unknown>));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exit(1);
}
addComplianceChecks(app);
