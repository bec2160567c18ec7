import { type PlatformSettings, rotatesCredentialByFunction } from '../config/platform-settings';

/** What a function in the VPC may open connections to. */
export type FunctionDestination = 'database' | 'restored-database' | 'aws-services' | 'internet';

/** A function in the VPC, or a group of functions that share a security group. */
export interface VpcFunction {
  /** In kebab case; part of the name of its security group. */
  readonly purpose: FunctionPurpose;
  readonly description: string;
  readonly destinations: readonly FunctionDestination[];
  /** Whether the platform of these settings has it. */
  readonly isPartOf: (settings: PlatformSettings) => boolean;
}

/** Whether functions that call AWS APIs only run in the private subnets. */
export function hasPrivateFunctions({ profile }: Pick<PlatformSettings, 'profile'>): boolean {
  return profile.network.functionPlacement === 'private-subnets';
}

/** Every function that may stand in the VPC. */
export type FunctionPurpose = 'aws-api' | 'rotation' | 'api-key-rotation' | 'payment-consumer' | 'restore-drill';

/** Every function in the VPC, and what each reaches: a security group of its own, and its rows in the table of the service firewall. */
export const vpcFunctions: readonly VpcFunction[] = [
  {
    purpose: 'aws-api',
    description: 'Functions that call AWS APIs only: deployments, restore drills, custom resources',
    // Buckets are reached through the gateway endpoint, whose addresses are public ones.
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
