import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Adds an output to the stack of `scope`, under a key that is the same in every profile.
 *
 * The runbook and scripts look names up by these keys, because the pattern of physical names differs between profiles.
 */
export function addOutput(scope: Construct, key: string, value: string): void {
  new CfnOutput(Stack.of(scope), key, { value });
}
