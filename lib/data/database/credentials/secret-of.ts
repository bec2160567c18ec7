import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * The secret that CDK gives with a database: the one that RDS manages, or ours with the database's address.
 *
 * @throws when the database was created with a password instead
 */
export function secretOf({ secret }: { readonly secret?: ISecret }): ISecret {
  if (!secret) throw new Error('The database was created without a secret for its administrator.');
  return secret;
}
