import { createHash } from 'node:crypto';
import { type CfnElement, Lazy, Stack } from 'aws-cdk-lib';
import type { LoadBalancer } from '../load-balancer';

/** Intrinsic functions that CloudFormation resolves. */
const references = ['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::GetStackOutput'];

/** Properties that change whenever the listener or its rule changes. */
export interface TrafficState {
  /** Digest of the templates of both. */
  readonly TrafficDigest: string;
  /** Resolved references of both, because their values may change without the template. */
  readonly TrafficReferences: readonly string[];
}

/**
 * Properties for a custom resource, so that CloudFormation updates it whenever it updates the listener or its rule.
 *
 * Dynamic references are omitted, because the custom resource would receive the secret value.
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
