import { type IEngine, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { PaymentsDatabaseProps } from './payments-database-props';

/**
 * Parameters of PostgreSQL that every variant sets.
 *
 * Statements are logged by their shape only where they change the schema or roles: values of payments never reach a log.
 */
const databaseParameters: Record<string, string> = {
  // Refuses every connection without TLS (PCI DSS 4.2).
  'rds.force_ssl': '1',
  // Who connected and from where (PCI DSS 10.2).
  log_connections: '1',
  log_disconnections: '1',
  log_statement: 'ddl',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '1000',
  // A transaction that a dead client left open would hold its locks on accounts.
  idle_in_transaction_session_timeout: '60000',
};

/**
 * The second of the two prefixes that RDS admits, from version 16 on: it ends in `%a`, the name of the session. The colon at its end is part
 * of the value, as it is of the default one, which AWS also prints without.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
const sessionNames: Record<string, string> = {
  log_line_prefix: '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:',
};

/** What the parameter group is told. */
export interface DatabaseParameterGroupProps extends Pick<PaymentsDatabaseProps, 'names' | 'namesSessionsInLog'> {
  /** The identifier of the cluster or instance. */
  readonly identifier: string;
  readonly engine: IEngine;
  /** The engine with its major version, as RDS names families of parameter groups: `aurora-postgresql17`. */
  readonly family: string;
}

/** The parameters of PostgreSQL for the payments database; a restored copy of a cluster uses the same group. */
export class DatabaseParameterGroup extends ParameterGroup {
  constructor(scope: Construct, id: string, props: DatabaseParameterGroupProps) {
    const { names, namesSessionsInLog, identifier, engine, family } = props;
    super(scope, id, {
      engine,
      description: `Parameters of ${identifier}`,
      // A new major version replaces the group, and CloudFormation makes the new one before it deletes the old.
      name: names.of('parameter-group', family),
      parameters: { ...databaseParameters, ...(namesSessionsInLog && sessionNames) },
    });
  }
}
