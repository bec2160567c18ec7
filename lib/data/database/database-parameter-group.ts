import { type IEngine, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { PaymentsDatabaseProps } from './payments-database-props';

/**
 * PostgreSQL parameters of every database.
 *
 * Only DDL statements are logged, and never parameter values, so that payment data does not reach a log.
 */
const databaseParameters: Record<string, string> = {
  // Rejects connections without TLS (PCI DSS 4.2).
  'rds.force_ssl': '1',
  // User and address of each connection (PCI DSS 10.2).
  log_connections: '1',
  log_disconnections: '1',
  log_statement: 'ddl',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '1000',
  // Ends transactions of dead clients, which would hold locks on accounts.
  idle_in_transaction_session_timeout: '60000',
};

/**
 * The second of the two prefixes that RDS allows since version 16. It ends in `%a`, the application name. The final colon is part of the
 * value, also of the default one, although AWS's documentation omits it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
const sessionNames: Record<string, string> = {
  log_line_prefix: '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:',
};

export interface DatabaseParameterGroupProps extends Pick<PaymentsDatabaseProps, 'names' | 'namesSessionsInLog'> {
  /** The identifier of the cluster or instance. */
  readonly identifier: string;
  readonly engine: IEngine;
  /** The parameter group family: `aurora-postgresql17`. */
  readonly family: string;
}

/** The parameter group of the payments database. A restored copy uses it too. */
export class DatabaseParameterGroup extends ParameterGroup {
  constructor(scope: Construct, id: string, props: DatabaseParameterGroupProps) {
    const { names, namesSessionsInLog, identifier, engine, family } = props;
    super(scope, id, {
      engine,
      description: `Parameters of ${identifier}`,
      // The name contains the family, because a major upgrade replaces the group and both exist at the same time.
      name: names.of('parameter-group', family),
      parameters: { ...databaseParameters, ...(namesSessionsInLog && sessionNames) },
    });
  }
}
