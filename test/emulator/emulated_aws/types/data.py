"""RDS, S3, SQS, SNS and ECR."""

from ..resource_type import Call, ResourceType

_LIFECYCLE = (
    "{Rules: Value.Rules[].{ID: Id, Status: Status, Filter: {Prefix: Prefix || ''}, "
    "Expiration: ExpirationInDays && {Days: ExpirationInDays}, "
    "NoncurrentVersionExpiration: NoncurrentVersionExpiration, "
    "Transitions: Transitions[].{Days: TransitionInDays, StorageClass: StorageClass}, "
    "AbortIncompleteMultipartUpload: AbortIncompleteMultipartUpload}}"
)


def _bucket(operation: str, parameter: str, value: str = "Value") -> Call:
    return Call(operation, {"Bucket": "Ref", parameter: value})


_PARAMETERS = "map(&{ParameterName: [0], ParameterValue: [1], ApplyMethod: 'pending-reboot'}, items(Value))"

TYPES = {
    "AWS::RDS::DBSubnetGroup": ResourceType(
        "rds",
        Call("create_db_subnet_group"),
        ref="Out.DBSubnetGroup.DBSubnetGroupName",
        name="DBSubnetGroupName",
        delete=Call("delete_db_subnet_group", {"DBSubnetGroupName": "Ref"}),
        listed=Call("describe_db_subnet_groups", result="DBSubnetGroups[].DBSubnetGroupName"),
    ),
    "AWS::RDS::DBClusterParameterGroup": ResourceType(
        "rds",
        Call("create_db_cluster_parameter_group"),
        ref="Out.DBClusterParameterGroup.DBClusterParameterGroupName",
        name="DBClusterParameterGroupName",
        rename={"Family": "DBParameterGroupFamily"},
        apart={
            "Parameters": Call(
                "modify_db_cluster_parameter_group", {"DBClusterParameterGroupName": "Ref", "Parameters": _PARAMETERS}
            )
        },
        delete=Call("delete_db_cluster_parameter_group", {"DBClusterParameterGroupName": "Ref"}),
        listed=Call(
            "describe_db_cluster_parameter_groups",
            result="DBClusterParameterGroups[].DBClusterParameterGroupName | [?!starts_with(@, 'default.')]",
        ),
    ),
    "AWS::RDS::DBParameterGroup": ResourceType(
        "rds",
        Call("create_db_parameter_group"),
        ref="Out.DBParameterGroup.DBParameterGroupName",
        name="DBParameterGroupName",
        rename={"Family": "DBParameterGroupFamily"},
        apart={
            "Parameters": Call(
                "modify_db_parameter_group", {"DBParameterGroupName": "Ref", "Parameters": _PARAMETERS}
            )
        },
        delete=Call("delete_db_parameter_group", {"DBParameterGroupName": "Ref"}),
        listed=Call(
            "describe_db_parameter_groups",
            result="DBParameterGroups[].DBParameterGroupName | [?!starts_with(@, 'default.')]",
        ),
    ),
    "AWS::RDS::DBCluster": ResourceType(
        "rds",
        Call("create_db_cluster", {"MasterUserSecretKmsKeyId": "P.MasterUserSecret.KmsKeyId"}),
        ref="Out.DBCluster.DBClusterIdentifier",
        name="DBClusterIdentifier",
        rename={
            "EnablePerformanceInsights": "PerformanceInsightsEnabled",
            "PerformanceInsightsEnabled": "EnablePerformanceInsights",
            "PerformanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
        },
        ignored=("MasterUserSecret",),
        attributes={
            "DBClusterArn": "Out.DBCluster.DBClusterArn",
            "DBClusterResourceId": "Out.DBCluster.DbClusterResourceId",
            "Endpoint.Address": "Out.DBCluster.Endpoint",
            "Endpoint.Port": "Out.DBCluster.Port",
            "ReadEndpoint.Address": "Out.DBCluster.ReaderEndpoint",
            "MasterUserSecret.SecretArn": "Out.DBCluster.MasterUserSecret.SecretArn",
        },
        update=Call("modify_db_cluster", {"DBClusterIdentifier": "Ref"}),
        delete=Call("delete_db_cluster", {"DBClusterIdentifier": "Ref", "SkipFinalSnapshot": "`true`"}),
        listed=Call("describe_db_clusters", result="DBClusters[].DBClusterIdentifier"),
    ),
    "AWS::RDS::DBInstance": ResourceType(
        "rds",
        Call("create_db_instance"),
        ref="Out.DBInstance.DBInstanceIdentifier",
        name="DBInstanceIdentifier",
        rename={"VPCSecurityGroups": "VpcSecurityGroupIds"},
        ignored=("DeleteAutomatedBackups",),
        attributes={
            "DbiResourceId": "Out.DBInstance.DbiResourceId",
            "Endpoint.Address": "Out.DBInstance.Endpoint.Address",
            "Endpoint.Port": "Out.DBInstance.Endpoint.Port",
        },
        update=Call("modify_db_instance", {"DBInstanceIdentifier": "Ref"}),
        delete=Call(
            "delete_db_instance",
            {
                "DBInstanceIdentifier": "Ref",
                "SkipFinalSnapshot": "`true`",
                "DeleteAutomatedBackups": "P.DeleteAutomatedBackups",
            },
        ),
        listed=Call("describe_db_instances", result="DBInstances[].DBInstanceIdentifier"),
    ),
    "AWS::S3::Bucket": ResourceType(
        "s3",
        Call(
            "create_bucket",
            {"CreateBucketConfiguration": "(At.Region != 'us-east-1' && {LocationConstraint: At.Region}) || `null`"},
        ),
        ref="P.BucketName",
        name="BucketName",
        rename={"BucketName": "Bucket"},
        ignored=("AccessControl",),
        attributes={
            "Arn": "join('', ['arn:aws:s3:::', Ref])",
            "DomainName": "join('', [Ref, '.s3.amazonaws.com'])",
            "RegionalDomainName": "join('', [Ref, '.s3.', At.Region, '.amazonaws.com'])",
        },
        apart={
            "BucketEncryption": _bucket(
                "put_bucket_encryption",
                "ServerSideEncryptionConfiguration",
                "{Rules: Value.ServerSideEncryptionConfiguration[].{BucketKeyEnabled: BucketKeyEnabled, "
                "ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault}}",
            ),
            "LifecycleConfiguration": _bucket(
                "put_bucket_lifecycle_configuration", "LifecycleConfiguration", _LIFECYCLE
            ),
            "LoggingConfiguration": _bucket(
                "put_bucket_logging",
                "BucketLoggingStatus",
                "{LoggingEnabled: {TargetPrefix: Value.LogFilePrefix || '', "
                "TargetBucket: Value.DestinationBucketName}}",
            ),
            "NotificationConfiguration": _bucket(
                "put_bucket_notification_configuration",
                "NotificationConfiguration",
                "{EventBridgeConfiguration: Value.EventBridgeConfiguration.EventBridgeEnabled && `{}`}",
            ),
            "OwnershipControls": _bucket("put_bucket_ownership_controls", "OwnershipControls"),
            "PublicAccessBlockConfiguration": _bucket("put_public_access_block", "PublicAccessBlockConfiguration"),
            "Tags": _bucket("put_bucket_tagging", "Tagging", "{TagSet: Value}"),
            "VersioningConfiguration": _bucket("put_bucket_versioning", "VersioningConfiguration"),
            # After versioning, which S3 requires for it.
            "ReplicationConfiguration": _bucket("put_bucket_replication", "ReplicationConfiguration"),
        },
        delete=Call("delete_bucket", {"Bucket": "Ref"}),
        listed=Call("list_buckets", result="Buckets[].Name"),
    ),
    "AWS::S3::BucketPolicy": ResourceType(
        "s3",
        Call("put_bucket_policy"),
        ref="P.Bucket",
        rename={"PolicyDocument": "Policy"},
        update=Call("put_bucket_policy"),
        delete=Call("delete_bucket_policy", {"Bucket": "P.Bucket"}),
    ),
    "AWS::SQS::Queue": ResourceType(
        "sqs",
        Call(
            "create_queue",
            {
                "Attributes": "{KmsMasterKeyId: P.KmsMasterKeyId, MessageRetentionPeriod: P.MessageRetentionPeriod, "
                "KmsDataKeyReusePeriodSeconds: P.KmsDataKeyReusePeriodSeconds, RedrivePolicy: P.RedrivePolicy, "
                "RedriveAllowPolicy: P.RedriveAllowPolicy, VisibilityTimeout: P.VisibilityTimeout, "
                "FifoQueue: P.FifoQueue, DeduplicationScope: P.DeduplicationScope, "
                "FifoThroughputLimit: P.FifoThroughputLimit}"
            },
        ),
        ref="Out.QueueUrl",
        name="QueueName",
        ignored=(
            "KmsMasterKeyId",
            "KmsDataKeyReusePeriodSeconds",
            "MessageRetentionPeriod",
            "RedrivePolicy",
            "RedriveAllowPolicy",
            "VisibilityTimeout",
            "FifoQueue",
            "DeduplicationScope",
            "FifoThroughputLimit",
        ),
        attributes={
            "Arn": "join(':', ['arn:aws:sqs', At.Region, At.AccountId, P.QueueName])",
            "QueueName": "P.QueueName",
            "QueueUrl": "Ref",
        },
        delete=Call("delete_queue", {"QueueUrl": "Ref"}),
        listed=Call("list_queues", result="QueueUrls[]"),
    ),
    "AWS::SQS::QueuePolicy": ResourceType(
        "sqs",
        Call("set_queue_attributes", {"QueueUrl": "P.Queues[0]", "Attributes": "{Policy: P.PolicyDocument}"}),
        ref="join('|', ['policy', P.Queues[0]])",
        bare=True,
    ),
    "AWS::SNS::Topic": ResourceType(
        "sns",
        Call("create_topic", {"Attributes": "{KmsMasterKeyId: P.KmsMasterKeyId}"}),
        ref="Out.TopicArn",
        name="TopicName",
        rename={"TopicName": "Name"},
        ignored=("KmsMasterKeyId",),
        attributes={"TopicArn": "Ref", "TopicName": "P.TopicName"},
        delete=Call("delete_topic", {"TopicArn": "Ref"}),
        listed=Call("list_topics", result="Topics[].TopicArn"),
    ),
    "AWS::SNS::TopicPolicy": ResourceType(
        "sns",
        Call(
            "set_topic_attributes",
            {"TopicArn": "P.Topics[0]", "AttributeName": "'Policy'", "AttributeValue": "P.PolicyDocument"},
        ),
        ref="join('|', ['policy', P.Topics[0]])",
        bare=True,
    ),
    "AWS::SNS::Subscription": ResourceType(
        "sns",
        Call("subscribe", {"ReturnSubscriptionArn": "`true`"}),
        ref="Out.SubscriptionArn",
        delete=Call("unsubscribe", {"SubscriptionArn": "Ref"}),
        listed=Call("list_subscriptions", result="Subscriptions[].SubscriptionArn"),
    ),
    "AWS::ECR::Repository": ResourceType(
        "ecr",
        Call("create_repository"),
        ref="Out.repository.repositoryName",
        name="RepositoryName",
        ignored=("EmptyOnDelete",),
        attributes={"Arn": "Out.repository.repositoryArn", "RepositoryUri": "Out.repository.repositoryUri"},
        apart={
            "LifecyclePolicy": Call(
                "put_lifecycle_policy",
                {"repositoryName": "Ref", "lifecyclePolicyText": "Value.LifecyclePolicyText"},
            ),
            "RepositoryPolicyText": Call("set_repository_policy", {"repositoryName": "Ref", "policyText": "Value"}),
        },
        delete=Call("delete_repository", {"repositoryName": "Ref", "force": "P.EmptyOnDelete"}),
        listed=Call("describe_repositories", result="repositories[].repositoryName"),
    ),
}
