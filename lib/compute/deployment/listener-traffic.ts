import { createHash } from 'node:crypto';
import { type CfnElement, Lazy, Stack } from 'aws-cdk-lib';
import type { LoadBalancer } from '../load-balancer';

/** What CloudFormation resolves to a value when it creates or updates a resource. */
const references = ['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::GetStackOutput'];

/** What of the listener and its rule must reach the step that follows their updates. */
export interface TrafficState {
  /** Changes with the templates of both. */
  readonly TrafficDigest: string;
  /** Change with what both refer to: a secret that is replaced leaves the template as it is. */
  readonly TrafficReferences: readonly string[];
}

/**
 * The listener and its rule, as a custom resource carries them, so that CloudFormation updates it whenever it updates one of them.
 *
 * The values of dynamic references stay out: a custom resource would receive the secret itself.
 */
export function trafficState({ listener, apiRule }: LoadBalancer): TrafficState {
  const rendered = (): unknown[] =>
    [listener.node.defaultChild, apiRule].map(
      (resource) =>
        Stack.of(listener).resolve(
          (resource as CfnElement & { _toCloudFormation(): object })._toCloudFormation(),
        ) as unknown,
    );
  return {
    TrafficDigest: Lazy.string({
      produce: () => createHash('sha256').update(JSON.stringify(rendered())).digest('hex').slice(0, 16),
    }),
    TrafficReferences: Lazy.any({ produce: () => distinct(rendered().flatMap(referencesIn)) }) as unknown as string[],
  };
}

function referencesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const [[key, inner] = [], ...others] = Object.entries(value);
  if (key !== undefined && others.length === 0 && references.includes(key)) {
    return String(inner).startsWith('AWS::') ? [] : [value];
  }
  return Object.values(value).flatMap(referencesIn);
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
