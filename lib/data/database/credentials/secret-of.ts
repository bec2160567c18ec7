import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** The secret that RDS makes with a database whose administrator's password it manages. */
export function secretOf({ secret }: { readonly secret?: ISecret }): ISecret {
  if (!secret) throw new Error('RDS manages the password of this database, but CDK gave no secret for it.');
  return secret;
}
