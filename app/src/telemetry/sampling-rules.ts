import type { Resource } from '@opentelemetry/resources';
import { AWSXRayRemoteSampler } from '@opentelemetry/sampler-aws-xray';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';

const connectMilliseconds = 10_000;

/**
 * Samples by the X-Ray sampling rules after the collector has provided them, and by `share` until then.
 *
 * Until then, AWSXRayRemoteSampler would sample one request per second plus 5 %, and log an error per attempt.
 */
export class XRayRulesSampler implements Sampler {
  readonly #endpoint: string;
  readonly #resource: Resource;
  readonly #share: Sampler;
  readonly #timer: NodeJS.Timeout;
  #rules: AWSXRayRemoteSampler | undefined;

  /** @param endpoint the URL of the collector's X-Ray proxy */
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

  /** Stops polling for rules. */
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
