import { z } from 'zod';

/** Rotation interval of a credential. */
export const rotationDays = z.int().min(1).max(365).describe('Rotation interval.');
const credentials = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rds-managed'), rotationDays }),
    z.strictObject({ kind: z.literal('rotation-function'), rotationDays }),
    z.strictObject({ kind: z.literal('connection-string'), rotationDays }),
    z.strictObject({ kind: z.literal('existing-secret') }),
  ])
  .describe('Where the administrator credentials are stored and what rotates them.');

/** What the rest of the configuration and the network depend on, for each kind of credentials. */
interface CredentialTraits {
  /** How the API logs in. */
  readonly clientAuthentication: 'iam' | 'password';
  /** Whether a function in the VPC rotates a login in the database. */
  readonly rotatesByFunction: boolean;
  /** Whether RDS makes the administrator's secret, anew for each database. */
  readonly madeByRds: boolean;
  /** Whether the administrator's secret exists before the platform, so that its name must be passed. */
  readonly needsSecretName: boolean;
}

/** A further kind of credentials does not compile without a row here. */
export const credentialTraits: Readonly<Record<z.infer<typeof credentials>['kind'], CredentialTraits>> = {
  'rds-managed': { clientAuthentication: 'iam', rotatesByFunction: false, madeByRds: true, needsSecretName: false },
  'rotation-function': {
    clientAuthentication: 'iam',
    rotatesByFunction: true,
    madeByRds: false,
    needsSecretName: false,
  },
  'connection-string': {
    clientAuthentication: 'password',
    rotatesByFunction: true,
    madeByRds: true,
    needsSecretName: false,
  },
  'existing-secret': { clientAuthentication: 'iam', rotatesByFunction: false, madeByRds: false, needsSecretName: true },
};

const auroraVersion = z
  .string()
  .regex(/^\d+\.\d+$/, 'Use MAJOR.MINOR, such as 17.7.')
  .describe(
    'Aurora PostgreSQL version. Aurora does not upgrade it: a minor upgrade is a deployment. 17.7 has long-term support.',
  );
const rdsVersion = z
  .string()
  .regex(/^\d+$/, 'Use the major version alone, such as 17.')
  .describe('PostgreSQL major version. RDS chooses the minor version and upgrades it in the maintenance window.');

const restored = z
  .strictObject({
    resourceId: z
      .string()
      .regex(
        /^(cluster|db)-[A-Z0-9]+$/,
        'Use the DbClusterResourceId or DbiResourceId, such as cluster-ABCDEFGHIJKL0123456789.',
      )
      .describe('DbClusterResourceId or DbiResourceId of the restored database.'),
    administratorSecretArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
        'Use the ARN of the secret that RDS has made, such as arn:aws:secretsmanager:eu-south-2:111122223333:secret:rds!cluster-….',
      )
      .optional()
      .describe('ARN of the secret that RDS has made for the restored database, where RDS manages the credentials.'),
  })
  .optional()
  .describe(
    'A restored database under the name of the one that CloudFormation has created. The runbook says when to set it. Keep it as long as the environment exists.',
  );

const databaseSettings = {
  clientAuthentication: z.enum(['iam', 'password']).describe('How the API authenticates to the database.'),
  credentials,
  restored,
  backupRetentionDays: z.int().min(1).max(35).default(35).describe('Retention of automated backups.'), // DB-6
  deletionProtection: z
    .enum(['off', 'on-unless-destroy-is-allowed'])
    .describe('Whether the database has deletion protection unless `-c allowDestroy=true` is passed.'),
};

/** The database of a profile. */
export const database = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('aurora-provisioned'),
    engineVersion: auroraVersion,
    ...databaseSettings,
    instanceType: z.string().describe('DB instance class without the prefix db., such as t4g.medium.'),
    readerCount: z.int().min(1).max(15).describe('Number of Aurora readers.'),
  }),
  z.strictObject({
    kind: z.literal('aurora-serverless'),
    engineVersion: auroraVersion,
    ...databaseSettings,
    minCapacityAcu: z.number().min(0.5).max(256).describe('Minimum capacity in Aurora capacity units (ACU).'),
    maxCapacityAcu: z.number().min(1).max(256).describe('Maximum capacity in ACU.'),
    readerCount: z.int().min(0).max(15).describe('Number of Aurora readers.'),
  }),
  z.strictObject({
    kind: z.literal('multi-az-instance'),
    engineVersion: rdsVersion,
    ...databaseSettings,
    instanceType: z.string().describe('DB instance class without the prefix db., such as t3.micro.'),
    allocatedStorageGiB: z.int().min(20).max(65536),
  }),
]);
