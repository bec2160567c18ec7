import type { Resource } from '@opentelemetry/resources';
import { AWSXRayRemoteSampler } from '@opentelemetry/sampler-aws-xray';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';

const connectMilliseconds = 10_000;

/**
 * Samples by the rules that X-Ray has, once the collector beside us brings them; by a fixed share until then.
 *
 * The sampler of the library would sample one request a second and 5 % meanwhile, and log an error for each attempt.
 */
export class XRayRulesSampler implements Sampler {
  readonly #endpoint: string;
  readonly #resource: Resource;
  readonly #share: Sampler;
  readonly #timer: NodeJS.Timeout;
  #rules: AWSXRayRemoteSampler | undefined;

  /** @param endpoint of the collector's proxy to X-Ray */
  constructor(endpoint: string, resource: Resource, share: Sampler) {
    this.#endpoint = endpoint;
    this.#resource = resource;
    this.#share = share;
    this.#timer = setInterval(() => void this.#connect(), connectMilliseconds);
    this.#timer.unref();
    void this.#connect();
  }

  shouldSample(...span: Parameters<Sampler['shouldSample']>): SamplingResult {
    return (this.#rules ?? this.#share).shouldSample(...span);
  }

  toString(): string {
    return `XRayRulesSampler{${String(this.#rules ?? this.#share)}}`;
  }

  /** Asks for no rules any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#rules?.stopPollers();
  }

  async #connect(): Promise<void> {
    const answer = await fetch(`${this.#endpoint}/GetSamplingRules`, {
      method: 'POST',
      signal: AbortSignal.timeout(connectMilliseconds / 2),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (!answer?.ok || this.#rules) return;
    clearInterval(this.#timer);
    this.#rules = new AWSXRayRemoteSampler({
      endpoint: this.#endpoint,
      resource: this.#resource,
      pollingInterval: 300,
    });
  }
}
