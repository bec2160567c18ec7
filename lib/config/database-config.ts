import { z } from 'zod';

/** How often a credential is replaced. */
export const rotationDays = z.int().min(1).max(365);
const credentials = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rds-managed'), rotationDays }),
    z.strictObject({ kind: z.literal('rotation-function'), rotationDays }),
    z.strictObject({ kind: z.literal('connection-string'), rotationDays }),
    z.strictObject({ kind: z.literal('existing-secret') }),
  ])
  .describe('Where the administrative credential lives and who rotates it.');

const auroraVersion = z
  .string()
  .regex(/^\d+\.\d+$/, 'Use MAJOR.MINOR, such as 17.7.')
  .describe('The stack keeps this version: minor upgrades are deployments. 17.7 has long-term support.');
const rdsVersion = z
  .string()
  .regex(/^\d+$/, 'Use the major version alone, such as 17.')
  .describe('RDS chooses the minor version and upgrades it in the maintenance window.');

const databaseSettings = {
  clientAuthentication: z.enum(['iam', 'password']).describe('How the API proves itself to the database.'),
  credentials,
  backupRetentionDays: z.int().min(1).max(35).default(35), // DB-6
  deletionProtection: z.enum(['off', 'on-unless-destroy-is-allowed']),
};

/** The database of a profile, by its kind. */
export const database = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('aurora-provisioned'),
    engineVersion: auroraVersion,
    ...databaseSettings,
    instanceType: z.string().describe('e.g. t4g.medium'),
    readerCount: z.int().min(1).max(15),
  }),
  z.strictObject({
    kind: z.literal('aurora-serverless'),
    engineVersion: auroraVersion,
    ...databaseSettings,
    minCapacityAcu: z.number().min(0.5).max(256),
    maxCapacityAcu: z.number().min(1).max(256),
    readerCount: z.int().min(0).max(15),
  }),
  z.strictObject({
    kind: z.literal('multi-az-instance'),
    engineVersion: rdsVersion,
    ...databaseSettings,
    instanceType: z.string().describe('e.g. t3.micro'),
    allocatedStorageGiB: z.int().min(20).max(65536),
  }),
]);
