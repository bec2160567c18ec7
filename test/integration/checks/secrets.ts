import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/**
 * Every secret of the data stack that is rotated: the managed credential of the database, and those with a schedule.
 *
 * @param managedArn the credential that RDS keeps, when it keeps one
 */
export async function readRotatedSecrets(
  client: SecretsManagerClient,
  data: StackResources,
  managedArn: string | undefined,
): Promise<readonly DescribeSecretResponse[]> {
  // CloudFormation names a schedule by the ARN of its secret.
  const scheduled = data.all('AWS::SecretsManager::RotationSchedule');
  const arns = new Set(managedArn === undefined ? scheduled : [...scheduled, managedArn]);
  return Promise.all([...arns].map((SecretId) => client.send(new DescribeSecretCommand({ SecretId }))));
}

/** Each secret rotates automatically within 90 days (PCI DSS 8.3.9). */
export function rotationProblems(secrets: readonly DescribeSecretResponse[]): string[] {
  return secrets.flatMap(({ Name = 'a secret', RotationEnabled, RotationRules }) =>
    problems([
      [RotationEnabled === true, `${Name} is not rotated`],
      [
        RotationRules?.ScheduleExpression !== undefined || (RotationRules?.AutomaticallyAfterDays ?? Infinity) <= 90,
        `${Name} is rotated less often than every 90 days`,
      ],
    ]),
  );
}
