import { ApiKey, type IRestApi, UsagePlan as GatewayUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { ResourceNames } from '../../core/resource-names';
import type { Throttles } from './create-throttles';

export interface UsagePlanProps {
  readonly names: ResourceNames;
  readonly api: IRestApi;
  readonly throttle: Throttles['key'];
}

/** The requests that one client may send, the plan's first key and the canary's. An operator creates further keys, one for each client. */
export class UsagePlan extends Construct {
  /** The id of the first key. API Gateway generates the value, which is in no template. */
  readonly apiKeyId: string;
  readonly #plan: GatewayUsagePlan;
  readonly #names: ResourceNames;

  constructor(scope: Construct, id: string, props: UsagePlanProps) {
    super(scope, id);
    const { names, api, throttle } = props;
    const plan = new GatewayUsagePlan(this, 'Plan', {
      name: names.of('usage-plan'),
      description: 'Request rate of one client of the payments API',
      throttle,
      apiStages: [{ api, stage: api.deploymentStage }],
    });
    const key = new ApiKey(this, 'FirstKey', {
      apiKeyName: names.of('api-key', 'first'),
      description: 'First API key of the usage plan; the payments API also requires a key of its own',
    });
    plan.addApiKey(key);
    this.apiKeyId = key.keyId;
    this.#plan = plan;
    this.#names = names;
  }

  /** Adds a key for the canary, so that it shares no limit with a client. Returns its id. */
  addCanaryKey(): string {
    const key = new ApiKey(this, 'CanaryKey', {
      apiKeyName: this.#names.of('api-key', 'canary'),
      description: 'API key of the usage plan for synthetic payments',
    });
    this.#plan.addApiKey(key);
    return key.keyId;
  }
}
