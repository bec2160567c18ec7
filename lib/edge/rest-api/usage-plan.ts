import { ApiKey, type IRestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { ResourceNames } from '../../conventions/resource-names';
import type { Throttles } from './create-throttles';

/** What the plan is told. */
export interface MerchantPlanProps {
  readonly names: ResourceNames;
  readonly api: IRestApi;
  readonly throttle: Throttles['key'];
}

/** What one client may ask, and the first key that belongs to it; further keys are made by hand, and belong to clients. */
export class MerchantPlan extends Construct {
  /** Of the first key. Its value is made by API Gateway, and stands in no template. */
  readonly apiKeyId: string;

  constructor(scope: Construct, id: string, props: MerchantPlanProps) {
    super(scope, id);
    const { names, api, throttle } = props;
    const plan = new UsagePlan(this, 'Plan', {
      name: names.of('usage-plan'),
      description: 'What one client of the payments API may ask',
      throttle,
      apiStages: [{ api, stage: api.deploymentStage }],
    });
    const key = new ApiKey(this, 'FirstKey', {
      apiKeyName: names.of('api-key', 'first'),
      description: 'First key of the payments API; the API itself asks for one of its own besides',
    });
    plan.addApiKey(key);
    this.apiKeyId = key.keyId;
  }
}
