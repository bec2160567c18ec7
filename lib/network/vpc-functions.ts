import { type PlatformSettings, rotatesCredentialByFunction } from '../config/platform-settings';

/** A destination that a function in the VPC may connect to. */
export type FunctionDestination = 'database' | 'restored-database' | 'aws-services' | 'internet';

/** A function, or a group of functions, in the VPC. */
export interface VpcFunction {
  /** Part of the name of its security group. */
  readonly purpose: FunctionPurpose;
  readonly description: string;
  readonly destinations: readonly FunctionDestination[];
  /** Whether the platform has the function with these settings. */
  readonly isPartOf: (settings: PlatformSettings) => boolean;
}

/** Whether functions that call only AWS APIs run in the private subnets. */
export function hasPrivateFunctions({ profile }: Pick<PlatformSettings, 'profile'>): boolean {
  return profile.network.functionPlacement === 'private-subnets';
}

/** The functions that may run in the VPC. */
export type FunctionPurpose = 'aws-api' | 'rotation' | 'api-key-rotation' | 'payment-consumer' | 'restore-drill';

/** All functions in the VPC with their destinations. Each has its own security group and its rules in the service firewall. */
export const vpcFunctions: readonly VpcFunction[] = [
  {
    purpose: 'aws-api',
    description: 'Functions that call AWS APIs only: deployments, restore drills, custom resources',
    // S3 is reached through the gateway endpoint, but at public addresses.
    destinations: ['aws-services', 'internet'],
    isPartOf: hasPrivateFunctions,
  },
  {
    purpose: 'rotation',
    description: 'Function that rotates a credential of the database',
    destinations: ['database', 'aws-services'],
    isPartOf: rotatesCredentialByFunction,
  },
  {
    purpose: 'api-key-rotation',
    description: 'Function that rotates the first API key',
    destinations: ['database', 'aws-services'],
    isPartOf: ({ profile }) => profile.apiKeyRotationDays !== undefined,
  },
  {
    purpose: 'payment-consumer',
    description: 'Function that processes queued payments',
    destinations: ['database', 'aws-services', 'internet'],
    isPartOf: ({ profile }) => profile.paymentQueue !== undefined,
  },
  {
    purpose: 'restore-drill',
    description: 'Function that checks a restored database',
    destinations: ['database', 'restored-database'],
    isPartOf: ({ profile }) => profile.restoreDrill !== undefined,
  },
];
