import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Adds an output to the stack of `scope`. Its key is the same in every profile.
 *
 * The runbook and scripts read names from these outputs, because the pattern of physical names differs between profiles.
 */
export function addOutput(scope: Construct, key: string, value: string): void {
  new CfnOutput(Stack.of(scope), key, { value });
}
