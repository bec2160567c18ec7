/**
 * Who may do what in each profile, by the ids of the questions: a principal and a resource without the hash of its id. A change here is a
 * change of somebody’s access. Principals whose names contain `CustomS3Auto` or `CustomSto` empty the buckets of their stack when it is destroyed.
 */
export const expectedAccess: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  flagship: {
    'decrypt-database': [],
    'connect-database': ['api-task-role-test1: Data/DatabaseCluster'],
    'read-secrets': [
      'api-task-role-test1: Compute/WebhookKeySecret',
      'migration-task-role-test1: Compute/FirstApiKeySecret',
      'migration-task-role-test1: Compute/OperatorKeySecret',
      'migration-task-role-test1: Data/DatabaseCluster.MasterUserSecret',
      'origin-secret-role-test1: Compute/OriginSecret',
    ],
    'change-secrets': [],
    'delete-logs': [],
    'write-bucket': [
      'delivery.logs.amazonaws.com: Compute/LoadBalancerAccessLogs',
      'logdelivery.elasticloadbalancing.amazonaws.com: Compute/LoadBalancerAccessLogs',
      'site-files-role-test1: Edge/ConsoleBucket',
    ],
    'delete-objects': [
      'computestacktest1-CustomStomResourceProvider-Role-32ADFFA4-test1: Compute/LoadBalancerAccessLogs',
      'edgestacktest1-CustomS3AutomResourceProvider-Role-BF2ACDF6-test1: Edge/ConsoleBucket',
    ],
    'push-images': ['*: Data/ImageRepository'],
    'destroy-keys': [],
    'change-roles': [],
  },
  storefront: {
    'decrypt-database': [],
    'connect-database': [],
    'read-secrets': [
      'api-execution-role-test1: Data/ConnectionString',
      'api-task-role-test1: Compute/WebhookKeySecret',
      'api-task-role-test1: Data/ConnectionString',
      'connection-string-rotation-role-test1: Data/ConnectionString',
      'connection-string-rotation-role-test1: Data/DatabaseCluster.MasterUserSecret',
      'migration-task-role-test1: Compute/FirstApiKeySecret',
      'migration-task-role-test1: Compute/OperatorKeySecret',
      'migration-task-role-test1: Data/ConnectionString',
      'migration-task-role-test1: Data/DatabaseCluster.MasterUserSecret',
    ],
    'change-secrets': [
      'connection-string-rotation-role-test1: Data/ConnectionString',
      'migration-task-role-test1: Data/ConnectionString',
    ],
    'delete-logs': [],
    'write-bucket': [
      'arn:aws:iam::127311923021:root: Compute/LoadBalancerAccessLogs',
      'delivery.logs.amazonaws.com: Compute/LoadBalancerAccessLogs',
      'site-files-role-test1: Edge/ConsoleBucket',
    ],
    'delete-objects': [
      'computestacktest1-CustomStomResourceProvider-Role-32ADFFA4-test1: Compute/LoadBalancerAccessLogs',
      'edgestacktest1-CustomS3AutomResourceProvider-Role-BF2ACDF6-test1: Edge/ConsoleBucket',
    ],
    'push-images': ['*: Data/ImageRepository'],
    'destroy-keys': [],
    'change-roles': [],
  },
  metered: {
    'decrypt-database': ['restore-drill-steps-role-test1: Data/KeysDatabase'],
    'connect-database': ['api-task-role-test1: Data/DatabaseCluster', 'restore-drill-role-test1: Data/DatabaseCluster'],
    'read-secrets': [
      'api-task-role-test1: Compute/WebhookKeySecret',
      'migration-task-role-test1: Compute/FirstApiKeySecret',
      'migration-task-role-test1: Compute/OperatorKeySecret',
      'migration-task-role-test1: Data/DatabaseCluster.MasterUserSecret',
    ],
    'change-secrets': [],
    'delete-logs': [],
    'write-bucket': [
      'arn:aws:iam::114774131450:root: Compute/LoadBalancerAccessLogs',
      'delivery.logs.amazonaws.com: Compute/LoadBalancerAccessLogs',
      'log-archive-role-test1: Observability/LogArchiveBucket',
    ],
    'delete-objects': [
      'computestacktest1-CustomStomResourceProvider-Role-32ADFFA4-test1: Compute/LoadBalancerAccessLogs',
      'observabilitystacktest1-CtomResourceProvider-Role-8B0FAF5A-test1: Observability/LogArchiveBucket',
    ],
    'push-images': ['*: Data/ImageRepository'],
    'destroy-keys': [],
    'change-roles': [
      'api-gateway-logging-role-test1: arn:aws:iam::111122223333:role/payment-platform-api-gateway-logs-ap-southeast-1',
    ],
  },
  partner: {
    'decrypt-database': [],
    'connect-database': [
      'role-api-key-rotation-test1: Data/DatabaseCluster',
      'role-api-task-test1: Data/DatabaseCluster',
      'role-payment-consumer-test1: Data/DatabaseCluster',
    ],
    'read-secrets': [
      'role-api-key-rotation-test1: Compute/FirstApiKeySecret',
      'role-api-task-test1: Compute/WebhookKeySecret',
      'role-migration-task-test1: Compute/FirstApiKeySecret',
      'role-migration-task-test1: Compute/OperatorKeySecret',
      'role-migration-task-test1: Data/DatabaseAdministrator',
    ],
    'change-secrets': ['role-api-key-rotation-test1: Compute/FirstApiKeySecret'],
    'delete-logs': [],
    'write-bucket': [
      'arn:aws:iam::127311923021:root: Compute/LoadBalancerAccessLogs',
      'delivery.logs.amazonaws.com: Compute/LoadBalancerAccessLogs',
      'logging.s3.amazonaws.com: Data/DocumentsAccessLogs',
      'role-api-task-test1: Data/DocumentsBucket',
      'role-document-replication-test1: Replica/Bucket',
      'role-truststore-test1: Edge/EntranceTruststoreBucket',
    ],
    'delete-objects': [
      'role-document-replication-test1: Replica/Bucket',
      'stackcomputetest1-CustomStomResourceProvider-Role-AAA45259-test1: Compute/LoadBalancerAccessLogs',
      'stackdatatest1-CustomS3AutomResourceProvider-Role-F2C1A2EE-test1: Data/DocumentsAccessLogs',
      'stackdatatest1-CustomS3AutomResourceProvider-Role-F2C1A2EE-test1: Data/DocumentsBucket',
      'stackedgetest1-CustomS3AutomResourceProvider-Role-02D024F7-test1: Edge/EntranceTruststoreBucket',
      'stackreplicatest1-CustomStomResourceProvider-Role-6E8CDD58-test1: Replica/Bucket',
    ],
    'push-images': ['*: Data/ImageRepository'],
    'destroy-keys': [],
    'change-roles': [
      'role-api-gateway-logging-test1: arn:aws:iam::111122223333:role/payment-platform-api-gateway-logs-us-east-1',
    ],
  },
  compact: {
    'decrypt-database': [
      'role-migration-execution-test1: Data/KeysDatabase',
      'role-migration-task-test1: Data/KeysDatabase',
    ],
    'connect-database': ['role-api-task-test1: Data/DatabaseInstance'],
    'read-secrets': [
      'role-api-task-test1: Compute/WebhookKeySecret',
      'role-migration-execution-test1: Compute/FirstApiKeySecret',
      'role-migration-execution-test1: Compute/OperatorKeySecret',
      'role-migration-execution-test1: Compute/WebhookKeySecret',
      'role-migration-task-test1: Compute/FirstApiKeySecret',
      'role-migration-task-test1: Compute/OperatorKeySecret',
      'role-migration-task-test1: Compute/WebhookKeySecret',
    ],
    'change-secrets': [],
    'delete-logs': [],
    'write-bucket': [
      'arn:aws:iam::600734575887:root: Compute/LoadBalancerAccessLogs',
      'delivery.logs.amazonaws.com: Compute/LoadBalancerAccessLogs',
    ],
    'delete-objects': [
      'stackcomputetest1-CustomStomResourceProvider-Role-AAA45259-test1: Compute/LoadBalancerAccessLogs',
    ],
    'push-images': [],
    'destroy-keys': [],
    'change-roles': [],
  },
};
